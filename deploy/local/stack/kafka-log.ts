import type { KafkaLog } from '@pagebridge/kafka';

const nothing = () => {};

/** What the Kafka client says while it waits for a broker is noise here: errors come back as errors. */
export const silentLog: KafkaLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
