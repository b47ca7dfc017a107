/*
 * What integration tests and journeys stand on when several spec files run at once: each of Jest's workers has a broker or a
 * stack to itself, so that files of one worker alone share topics.
 */
for (const name of ['KAFKA_BROKERS', 'PAGEBRIDGE_STACK_FILE', 'PAGEBRIDGE_STACK_CONTROL']) {
  const own = process.env[`${name}_${process.env.JEST_WORKER_ID}`];
  if (own) process.env[name] = own;
}
