import { createHash } from 'node:crypto';
import { html, Markup } from './markup.ts';

const style = `
:root{color-scheme:light dark;--back:#fff;--text:#1b1f24;--dim:#59626e;--line:#d5dae0;--link:#1f5fbf}
@media (prefers-color-scheme:dark){:root{--back:#14171b;--text:#e4e7eb;--dim:#a0a9b4;--line:#353c45;--link:#8ab4f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:48rem;margin:0 auto;padding:1.5rem 1rem}
h1{font-size:1.375rem;line-height:1.3;margin:0 0 .5rem}
h2{font-size:1rem;margin:1.5rem 0 .25rem}
p,ul,ol,dl,pre{margin:.5rem 0}
ul,ol{padding-left:1.25rem}
dl{display:grid;grid-template-columns:minmax(6rem,12rem) 1fr;gap:.25rem 1rem}
dt,.dim{color:var(--dim)}
dd{margin:0}
pre{font:.875rem/1.5 ui-monospace,monospace;white-space:pre-wrap;padding:.75rem;border:1px solid var(--line);border-radius:4px}
a{color:var(--link)}
footer{margin-top:2rem;padding-top:.75rem;border-top:1px solid var(--line)}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** What browsers and crawlers may do with a snapshot: show it once to whoever has its link. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'cache-control': 'no-store',
};

/** Returns a whole page. Its title has no text of others, since that is shown outside of the page. */
export const pageOf = (title: string, main: Markup): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`.text;
