/** Returns what is wrong with a body, by the message of its parser: only the position, since the message quotes the body, which may hold a secret. */
export function notJson(message: string): string {
  const position = /position \d+/.exec(message)?.[0];
  return `The body is not JSON${position ? `: the mistake is at ${position}` : ''}. Send a JSON object.`;
}
