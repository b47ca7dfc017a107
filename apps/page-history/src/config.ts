import { databaseConfig } from '@pagebridge/database';
import { callersConfig, commonConfig, managementPortConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

const ofUser = (description: string) =>
  Type.Optional(
    Type.String({ description: `Of the Kafka user dead-letters, in place of that of this service: ${description}` }),
  );

/** Who replays. How Kafka is reached is said by the variables of the service. */
const deadLettersConfig = {
  DEAD_LETTER_REPLAY: Type.Unsafe<'on' | 'off'>({
    type: 'string',
    enum: ['on', 'off'],
    default: 'off',
    description: 'Whether operators may preview and send dead letters again, as the Kafka user dead-letters.',
  }),
  DEAD_LETTERS_KAFKA_TLS_CERT_FILE: ofUser('PEM file of the client certificate with its chain.'),
  DEAD_LETTERS_KAFKA_TLS_KEY_FILE: ofUser('PEM file of the private key of that certificate.'),
  DEAD_LETTERS_KAFKA_SASL_USERNAME: ofUser('its name, for plain and scram.'),
  DEAD_LETTERS_KAFKA_SASL_PASSWORD: ofUser('its password; preferably set it as a file.'),
  DEAD_LETTERS_KAFKA_SASL_PASSWORD_FILE: ofUser('file with that password, read for each new connection.'),
  DEAD_LETTERS_KAFKA_SASL_OAUTH_CLIENT_ID: ofUser('client id for oauthbearer.'),
  DEAD_LETTERS_KAFKA_SASL_OAUTH_CLIENT_SECRET: ofUser('secret of that client; preferably set it as a file.'),
  DEAD_LETTERS_KAFKA_SASL_OAUTH_CLIENT_SECRET_FILE: ofUser('file with that secret, read for each new token.'),
  PAGE_REOPEN_AFTER_MINUTES: Type.Number({
    default: 60,
    minimum: 0,
    maximum: 10_080,
    description: 'As page-delivery has it: a preview says by it whether a replay joins an open page.',
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
    description: 'Connections to the database.',
  }),
  ...deadLettersConfig,
  HISTORY_DAYS: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 400,
    description: 'Days for which alerts, pages and what became of them are kept.',
  }),
  SNAPSHOT_KEYS: Type.Optional(
    Type.String({
      description:
        'The keys of page-delivery that sign links to snapshots, which `/s/` then opens without a login; unset: it does not exist. Preferably set them as a file.',
    }),
  ),
});

export type PageHistoryConfig = Static<typeof pageHistoryConfig>;
