import type { KafkaLog } from '@pagebridge/kafka';

const nothing = () => undefined;

/** A log that keeps nothing: what fails in a benchmark rejects. */
export const quiet: KafkaLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
