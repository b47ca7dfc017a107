import { commonConfig } from '@pagebridge/service';
import { Type } from 'typebox';

const { KAFKA_BROKERS, KAFKA_MAX_BATCH_MIB } = commonConfig;
const text = Type.String({ minLength: 1 });

/** The variables of `reseal`, whose help says what each is; without those of the connection to Kafka. */
export const resealConfig = Type.Object({
  ...{ KAFKA_BROKERS, KAFKA_MAX_BATCH_MIB },
  CREDENTIALS_PRIVATE_KEYS: text,
  CREDENTIALS_PUBLIC_KEY: text,
  CONNECTION_MANAGEMENT_URL: Type.String({ pattern: '^https?://[^\\s/]+/?$' }),
  PAGEBRIDGE_TOKEN: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]+$' })),
});
