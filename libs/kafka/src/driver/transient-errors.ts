/**
 * Returns whether the error that ended a consumer of kafkajs may pass by itself. Unknown errors are not transient: they
 * might recur forever while the process looks healthy.
 */
export function isTransient(cause: unknown): boolean {
  const { retriable, code } = cause as { retriable?: boolean; code?: string };
  return retriable === true || /^E[A-Z]+$/.test(code ?? '');
}
