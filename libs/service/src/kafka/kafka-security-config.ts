import { type SecurityVariables, saslMechanisms } from '@pagebridge/kafka';
import { type TSchema, Type } from 'typebox';

const text = (description: string) => Type.Optional(Type.String({ description }));

/** The variables of `securityOf`, which checks what belongs together. */
export const kafkaSecurityConfig = {
  KAFKA_TLS: Type.Optional(
    Type.Unsafe<'on' | 'off'>({
      type: 'string',
      enum: ['on', 'off'],
      default: 'off',
      description: 'Whether connections to Kafka are encrypted, and the broker proves who it is.',
    }),
  ),
  KAFKA_TLS_CA_FILE: text(
    'PEM file of the CAs that sign brokers; without it, those that Node trusts. Read again when it changes.',
  ),
  KAFKA_TLS_CERT_FILE: text('PEM file of the client certificate with its chain, for mTLS. Read again when it changes.'),
  KAFKA_TLS_KEY_FILE: text('PEM file of the key of that certificate. Read again when it changes.'),
  KAFKA_SASL_MECHANISM: Type.Optional(
    Type.Unsafe<(typeof saslMechanisms)[number]>({
      type: 'string',
      enum: [...saslMechanisms],
      description: 'How the service logs in to Kafka; without it, by its client certificate or not at all.',
    }),
  ),
  KAFKA_SASL_USERNAME: text('User of plain and scram.'),
  KAFKA_SASL_PASSWORD: text('Password of that user; better given as a file.'),
  KAFKA_SASL_PASSWORD_FILE: text('File with that password, read for each new connection: it may be rotated.'),
  KAFKA_SASL_OAUTH_TOKEN_ENDPOINT: text('https URL that gives tokens for oauthbearer, by client credentials.'),
  KAFKA_SASL_OAUTH_CLIENT_ID: text('Client id of oauthbearer.'),
  KAFKA_SASL_OAUTH_CLIENT_SECRET: text('Secret of that client; better given as a file.'),
  KAFKA_SASL_OAUTH_CLIENT_SECRET_FILE: text('File with that secret, read for each new token.'),
  KAFKA_SASL_OAUTH_SCOPE: text('Scope to ask for with oauthbearer.'),
} satisfies { readonly [name in keyof SecurityVariables]-?: TSchema };
