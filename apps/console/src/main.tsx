import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/baseline.css';
import './look/theme/styles.ts';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { consoleRouter } from './router.tsx';
import { restoreFragment } from './session/sign-in.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
// The scroll lock of drawers writes a style element, too.
setNonce(nonce);

restoreFragment();

// Without its styles the console cannot be used: the words of the page stay. A browser does not say that it has not found a style sheet.
if (getComputedStyle(document.documentElement).getPropertyValue('--mantine-scale')) {
  createRoot(document.getElementById('root') as HTMLElement).render(<App router={consoleRouter()} nonce={nonce} />);
}
