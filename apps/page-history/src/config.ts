import { databaseConfig } from '@pagebridge/database';
import { callersConfig, commonConfig, managementPortConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

const ofUser = (description: string) =>
  Type.Optional(Type.String({ description: `For the Kafka user dead-letters: ${description}` }));

/** Who replays. How Kafka is reached is said by the variables of the service. */
const deadLettersConfig = {
  DEAD_LETTER_REPLAY: Type.Unsafe<'on' | 'off'>({
    type: 'string',
    enum: ['on', 'off'],
    default: 'off',
    description: 'Let operators preview and replay dead letters, as the Kafka user dead-letters.',
  }),
  DEAD_LETTERS_KAFKA_TLS_CERT_FILE: ofUser('PEM file with the client certificate and its chain.'),
  DEAD_LETTERS_KAFKA_TLS_KEY_FILE: ofUser('PEM file with the private key of that certificate.'),
  DEAD_LETTERS_KAFKA_SASL_USERNAME: ofUser('username, for plain and scram.'),
  DEAD_LETTERS_KAFKA_SASL_PASSWORD: ofUser('password. Prefer the file.'),
  DEAD_LETTERS_KAFKA_SASL_PASSWORD_FILE: ofUser('file with the password, read for each new connection.'),
  DEAD_LETTERS_KAFKA_SASL_OAUTH_CLIENT_ID: ofUser('client id for oauthbearer.'),
  DEAD_LETTERS_KAFKA_SASL_OAUTH_CLIENT_SECRET: ofUser('client secret. Prefer the file.'),
  DEAD_LETTERS_KAFKA_SASL_OAUTH_CLIENT_SECRET_FILE: ofUser('file with the client secret, read for each new token.'),
  PAGE_REOPEN_AFTER_MINUTES: Type.Number({
    default: 60,
    minimum: 0,
    maximum: 10_080,
    description: 'Same value as for page-delivery. A preview uses it to predict whether a replay joins an open page.',
  }),
};

/** The environment variables of page-history. */
export const pageHistoryConfig = Type.Object({
  ...commonConfig,
  ...callersConfig,
  PORT: portConfig(8087),
  MANAGEMENT_PORT: managementPortConfig(9087),
  ...databaseConfig,
  DATABASE_POOL_SIZE: Type.Integer({
    default: 10,
    minimum: 2,
    maximum: 100,
    description: 'Database connections.',
  }),
  ...deadLettersConfig,
  HISTORY_DAYS: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 400,
    description: 'Days that alerts, pages and outcomes are kept.',
  }),
  SNAPSHOT_KEYS: Type.Optional(
    Type.String({
      description: 'Same keys as for page-delivery. Enables snapshots at `/s/`, without a login. Prefer a file.',
    }),
  ),
});

export type PageHistoryConfig = Static<typeof pageHistoryConfig>;
