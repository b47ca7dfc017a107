/*
 * Gives each of Jest's workers its own broker or stack, so that only spec files of the same worker share topics when several
 * run in parallel.
 */
for (const name of ['KAFKA_BROKERS', 'PAGEBRIDGE_STACK_FILE', 'PAGEBRIDGE_STACK_CONTROL']) {
  const own = process.env[`${name}_${process.env.JEST_WORKER_ID}`];
  if (own) process.env[name] = own;
}
