import { people } from './clients.ts';

/** Returns a page of the local OpenID provider. */
export const pageWith = (title: string, ...parts: readonly string[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 26rem; margin: 12vh auto; padding: 0 1rem; }
h1 { font-size: 1.25rem; }
button { font: inherit; padding: 0.5rem 1rem; margin: 0.25rem 0; min-width: 14rem; text-align: left; }
</style>
<h1>${title}</h1>
${parts.join('\n')}
</html>
`;

/** Returns the page on which a person logs in: one button for each, below the path of the interaction. */
export const signInAs = (interaction: string): string =>
  pageWith(
    'Sign in to Pagebridge on this machine',
    ...people.map(({ name, does }) => {
      return `<form method="post" action="${interaction}/${name}"><button><b>${name}</b>, ${does}</button></form>`;
    }),
    '<p>This is the OpenID provider of <code>npm start</code>: no password is required.</p>',
  );
