import { commonConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

const { KAFKA_BROKERS, KAFKA_MAX_BATCH_MIB } = commonConfig;

/** The environment variables of reseal, besides those for the connection to Kafka. */
export const resealConfig = Type.Object({
  KAFKA_BROKERS,
  KAFKA_MAX_BATCH_MIB,
  CREDENTIALS_PRIVATE_KEYS: Type.String({
    minLength: 1,
    description: 'JWKS with the private keys, the former and the present; better given as a file.',
  }),
  CREDENTIALS_PUBLIC_KEY: Type.String({
    minLength: 1,
    description: 'Public JWK that connection-management seals with.',
  }),
  CONNECTION_MANAGEMENT_URL: Type.String({
    pattern: '^https?://[^\\s/]+/?$',
    description: 'URL of connection-management, as in https://connections.example.com.',
  }),
  PAGEBRIDGE_TOKEN: Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]+$',
      description: 'Access token of an operator; not needed if access control is off.',
    }),
  ),
});

export type ResealConfig = Static<typeof resealConfig>;
