/**
 * Whether what ended a consumer of kafkajs may pass by itself. What is not known to would return for ever while the process
 * looks healthy.
 */
export function mayPass(cause: unknown): boolean {
  const { retriable, name, code } = cause as { retriable?: boolean; name?: string; code?: string };
  // No broker knows yet who keeps the group, as while they start; kafkajs calls that final.
  if (name === 'KafkaJSGroupCoordinatorNotFound') return true;
  return retriable === true || /^E[A-Z]+$/.test(code ?? '');
}
