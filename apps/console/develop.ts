import type { Plugin } from 'vite';

const nameless = /__(NONCE|SCHEME)__/g;

/**
 * Serves the sources of the console before a running gateway, which has the sessions and the services.
 *
 * Cookies are those of the host and not of a port, so a session that begins at the gateway is one of this page, too.
 */
export const developedAt = (gatewayUrl: string): Plugin => ({
  name: 'before-a-gateway',
  apply: 'serve',
  config: () => ({
    server: {
      host: '127.0.0.1',
      proxy: { '^/(v1/|session(/renew)?$|logout$)': { target: gatewayUrl, headers: { origin: gatewayUrl } } },
    },
  }),
  // The gateway fills these in for each response, with its content security policy.
  transformIndexHtml: (html) => html.replaceAll(nameless, (_, name) => (name === 'SCHEME' ? 'auto' : '')),
  configureServer: ({ middlewares }) => {
    middlewares.use('/login', (_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(loginPage(gatewayUrl));
    });
  },
});

// The OpenID provider sends a browser back to the gateway, and to nobody else.
const loginPage = (gatewayUrl: string): string => `<!doctype html>
<title>Sign in – Pagebridge</title>
<p><a href="${gatewayUrl}/login?return=/signed-in" target="_blank">Sign in at ${gatewayUrl}</a>. This page then goes on.</p>
<script type="module">
  const goOn = async () => {
    const { ok } = await fetch('/session');
    if (!ok) return setTimeout(goOn, 500);
    const { pathname, search } = new URL(new URLSearchParams(location.search).get('return') ?? '/', location.origin);
    location.replace(pathname + search);
  };
  goOn();
</script>
`;
