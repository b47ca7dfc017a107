/** What a service says of one field: why it is wrong or has no effect, and what to do. */
export interface Said {
  readonly field: string;
  readonly message: string;
  readonly cure?: string;
}

/** Returns what is said of a field as sentences that stand beside it, without the name that it has in the API. */
export function sentencesOf({ field, message, cure = '' }: Said): string {
  const its = message.replace(`${field}: `, '').replace(`${field} `, 'it ');
  return `${its.charAt(0).toUpperCase()}${its.slice(1)}. ${cure}`.trimEnd();
}
