/** The injection tokens of the providers that have no class. */
export const CONFIG = Symbol('Config');
export const KAFKA_SETTINGS = Symbol('KafkaSettings');
export const AUTHENTICATOR = Symbol('Authenticator');
/** The Authenticator for API tokens. */
export const API_TOKENS = Symbol('ApiTokens');
export const LOG = Symbol('Log');
/** The clock by which a service measures ages. */
export const CLOCK = Symbol('Clock');
/** An optional ConsumerTuning; page-delivery provides one to be notified of its partitions. */
export const CONSUMER_TUNING = Symbol('ConsumerTuning');
