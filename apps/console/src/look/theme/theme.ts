import { type CSSVariablesResolver, createTheme, defaultVariantColorsResolver } from '@mantine/core';

const mono = 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  // Mantine's `autoContrast` looks at the shade of the light theme only.
  variantColorResolver: (input) => ({
    ...defaultVariantColorsResolver(input),
    ...(input.variant === 'filled' ? { color: 'var(--on-accent)' } : {}),
  }),
  respectReducedMotion: true,
  defaultRadius: 4,
  fontFamily: 'system-ui, sans-serif',
  fontFamilyMonospace: mono,
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1rem', sm: '1.25rem', md: '1.25rem', lg: '1.5rem', xl: '1.75rem' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1rem' } } },
  components: {
    Button: { defaultProps: { size: 'compact-sm', variant: 'default' } },
    // A question lies over the drawer that asks it; both have 200 by default.
    Modal: { defaultProps: { centered: true, zIndex: 250, transitionProps: { duration: 0 } } },
    Drawer: {
      defaultProps: {
        position: 'right',
        size: 560,
        transitionProps: { duration: 120, transition: 'fade' },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    TextInput: { defaultProps: { autoComplete: 'off', spellCheck: false } },
    // The placeholder is no item, and nothing else may be in a menu.
    Menu: { defaultProps: { transitionProps: { duration: 0 }, withInitialFocusPlaceholder: false } },
    Tooltip: {
      defaultProps: {
        transitionProps: { duration: 0 },
        multiline: true,
        maw: 320,
        // Also on focus: a disabled action says why to those who use the keyboard.
        events: { hover: true, focus: true, touch: true },
      },
    },
  },
});

// Mantine's own shades of text, border and error fail WCAG's contrast: its variables take ours. Controls have the border `gray-4` in the
// light theme, `dark-4` in the dark one, and there the ground `dark-6`; its primary colour is `blue`.
const ours = {
  '--mantine-color-body': 'var(--background)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--dim)',
  '--mantine-color-placeholder': 'var(--dim)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--background)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-hover': 'var(--surface)',
  '--mantine-color-default-border': 'var(--control)',
  '--mantine-color-disabled-color': 'var(--dim)',
  '--mantine-color-disabled': 'var(--surface)',
  '--mantine-color-blue-filled': 'var(--accent)',
  '--mantine-color-blue-filled-hover': 'color-mix(in srgb, var(--accent), var(--text) 15%)',
  '--mantine-color-gray-4': 'var(--control)',
  '--mantine-color-dark-4': 'var(--control)',
  '--mantine-color-dark-6': 'var(--surface)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours });
