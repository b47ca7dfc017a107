import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { queryClient } from './api/query-client.ts';
import { colorScheme } from './look/theme/color-scheme.ts';
import { cssVariables, theme } from './look/theme/theme.ts';
import type { ConsoleRouter } from './router.tsx';

interface AppProps {
  readonly router: ConsoleRouter;
  /** The nonce of the page's content security policy, which styles that are written at run time must name. */
  readonly nonce: string;
}

/** The console, on the screen to which the address leads. */
export function App({ router, nonce }: AppProps) {
  return (
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  );
}
