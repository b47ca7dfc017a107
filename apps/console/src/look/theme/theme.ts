import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
} from '@mantine/core';

// Mantine reads a shade by its index: 6 and 7 in light, 8 and 9 in dark. The colours are `--accent` of tokens.css.
const accent: MantineColorsTuple = [
  '#eaf1fb',
  '#eaf1fb',
  '#c4d8f5',
  '#a3c4f4',
  '#8ab4f0',
  '#4a80d0',
  '#1f5fbf',
  '#1a52a5',
  '#8ab4f0',
  '#a3c4f4',
];

// The greys of controls: their borders (4) have the contrast that Mantine's own lack.
const gray: MantineColorsTuple = [
  '#f6f7f9',
  '#eef0f3',
  '#e3e6ea',
  '#d5dae0',
  '#7d8794',
  '#6f7987',
  '#59626e',
  '#464e59',
  '#2f353d',
  '#1b1f24',
];
const dark: MantineColorsTuple = [
  '#e4e7eb',
  '#c9ced6',
  '#a0a9b4',
  '#8c96a3',
  '#737e8b',
  '#353c45',
  '#1b1f25',
  '#14171b',
  '#101317',
  '#0b0d10',
];

const mono = 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  colors: { accent, gray, dark },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 8 },
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
    Drawer: { defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, position: 'right', size: 560 } },
    Menu: { defaultProps: { transitionProps: { duration: 0 } } },
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

// Mantine's own shades of text, border and error fail WCAG's contrast: its variables take ours.
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
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours });
