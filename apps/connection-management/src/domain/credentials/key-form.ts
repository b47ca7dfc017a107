export type KeyForm = 'an API key' | 'an application key' | 'an access token';

const forms: readonly (readonly [RegExp, KeyForm])[] = [
  [/^[0-9a-f]{32}$/, 'an API key'],
  [/^(?:[0-9a-f]{40}$|ddapp_)/, 'an application key'],
  [/^dd[ps]at_/, 'an access token'],
];

/** Returns the kind of a key by its form; undefined if the form does not show it. */
export const keyFormOf = (key: string): KeyForm | undefined => forms.find(([form]) => form.test(key))?.[1];
