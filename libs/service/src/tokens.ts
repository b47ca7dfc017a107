/** Token of the service's configuration. */
export const CONFIG = Symbol('Config');
/** Token of the settings with which a service reaches Kafka. */
export const KAFKA_SETTINGS = Symbol('KafkaSettings');
/** Token of the Authenticator. */
export const AUTHENTICATOR = Symbol('Authenticator');
/** Token of the Authenticator for API tokens. */
export const API_TOKENS = Symbol('ApiTokens');
/** Token of the service's log. */
export const LOG = Symbol('Log');
/** Token of the clock that a service counts ages by. */
export const CLOCK = Symbol('Clock');
/** Token under which a service may provide ConsumerTuning, as page-delivery does to learn of its partitions. */
export const CONSUMER_TUNING = Symbol('ConsumerTuning');
