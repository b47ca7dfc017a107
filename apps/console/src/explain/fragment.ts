/** Returns the fragment of an address that opens Explain with a text. A fragment is in no log, unlike a path or a query. */
export const fragmentOf = (text: string): string => `m=${encodeURIComponent(text.toWellFormed())}`;

/** Returns the text in a fragment; empty if there is none. */
export const textIn = (fragment: string): string => new URLSearchParams(fragment).get('m') ?? '';
