export type KeyName = 'apiKey' | 'applicationKey';

const forms = { apiKey: /^[0-9a-f]{32}$/i, applicationKey: /^(?:[0-9a-f]{40}$|ddapp_)/i };

/** Says that a text has the form of the other key; undefined if it does not, or its form does not show it. */
export function misplaced(name: KeyName, text: string): string | undefined {
  const isOther = forms[name === 'apiKey' ? 'applicationKey' : 'apiKey'].test(text.trim());
  return isOther ? `This looks like an ${name === 'apiKey' ? 'application' : 'API'} key.` : undefined;
}
