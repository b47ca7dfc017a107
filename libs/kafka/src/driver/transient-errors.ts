/**
 * Returns whether the error that ended a consumer of kafkajs may pass by itself. Unknown errors are not transient: they
 * might recur forever while the process looks healthy.
 */
export function isTransient(cause: unknown): boolean {
  const { retriable, name, code } = cause as { retriable?: boolean; name?: string; code?: string };
  // No broker knows the coordinator of the group yet, for example while brokers start; kafkajs calls this error final.
  if (name === 'KafkaJSGroupCoordinatorNotFound') return true;
  return retriable === true || /^E[A-Z]+$/.test(code ?? '');
}
