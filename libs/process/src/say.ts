/**
 * Prints a message for people to stderr: stdout has the data. Its lines stay, and what else a terminal would obey is escaped.
 *
 * The form is that of `printable` of the vocabulary, of which a program that runs before the build has nothing.
 */
export const say = (message: string): void => void process.stderr.write(`${message.replace(obeyed, escaped)}\n`);

/** Prints an error: what failed and the reason, then a line with a hint if the message has one. */
export const sayError = (message: string): void => say(`error: ${message}`);

const obeyed = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const escaped = (char: string): string => `\\u${char.codePointAt(0)?.toString(16).padStart(4, '0')}`;
