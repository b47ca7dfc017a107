import { type SecurityVariables, saslMechanisms } from '@pagebridge/kafka';
import { type TSchema, Type } from 'typebox';

const text = (description: string) => Type.Optional(Type.String({ description }));

/** The variables that `securityOf` reads; it also checks that they are consistent with each other. */
export const kafkaSecurityConfig = {
  KAFKA_TLS: Type.Optional(
    Type.Unsafe<'on' | 'off'>({
      type: 'string',
      enum: ['on', 'off'],
      default: 'off',
      description: 'Use TLS for Kafka, and verify broker certificates.',
    }),
  ),
  KAFKA_TLS_CA_FILE: text(
    'PEM file with the CAs of the brokers; default: the CAs that Node trusts. Reloaded on change.',
  ),
  KAFKA_TLS_CERT_FILE: text('PEM file with the client certificate and its chain. Reloaded on change.'),
  KAFKA_TLS_KEY_FILE: text('PEM file with the private key of that certificate. Reloaded on change.'),
  KAFKA_SASL_MECHANISM: Type.Optional(
    Type.Unsafe<(typeof saslMechanisms)[number]>({
      type: 'string',
      enum: [...saslMechanisms],
      description: 'SASL mechanism; default: client certificate, or no login.',
    }),
  ),
  KAFKA_SASL_USERNAME: text('User for plain and scram.'),
  KAFKA_SASL_PASSWORD: text('Password of that user. Prefer the file.'),
  KAFKA_SASL_PASSWORD_FILE: text('File with that password, read for each new connection.'),
  KAFKA_SASL_OAUTH_TOKEN_ENDPOINT: text('https URL of the token endpoint for oauthbearer (client credentials grant).'),
  KAFKA_SASL_OAUTH_CLIENT_ID: text('Client id for oauthbearer.'),
  KAFKA_SASL_OAUTH_CLIENT_SECRET: text('Secret of that client. Prefer the file.'),
  KAFKA_SASL_OAUTH_CLIENT_SECRET_FILE: text('File with that secret, read for each new token.'),
  KAFKA_SASL_OAUTH_SCOPE: text('Scope to request for oauthbearer.'),
} satisfies { readonly [name in keyof SecurityVariables]-?: TSchema };
