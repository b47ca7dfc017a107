import { SecurityError } from '../../errors.ts';
import type { KafkaSecurity } from '../../settings.ts';

/** Wraps a fault that kafkajs must not retry at once. The fault may still pass: a consumer restarts after a while. */
export const forKafkajs = (cause: SecurityError): Error & { readonly retriable: false } =>
  Object.assign(new Error(cause.message, { cause }), { retriable: false as const });

interface Failure {
  readonly code?: string;
  readonly broker?: string;
  readonly message?: string;
  readonly type?: string;
}

const untrusted = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
];
const invalidTime = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];
const noTls = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST'];

/** Returns the fault of certificates, logins or rights in the error of a connection; undefined for another error. */
export function securityFaultOf(failure: unknown): SecurityError | undefined {
  if (failure instanceof SecurityError) return failure;
  const { code = '', type, broker = 'the broker', message = '' } = (failure ?? {}) as Failure;
  const fault = (text: string) => new SecurityError(`${text} (${summaryOf(message)})`);
  if (untrusted.includes(code))
    return fault(`KAFKA_TLS_CA_FILE: no CA in the file signed the certificate of ${broker}`);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return fault(`KAFKA_BROKERS: the certificate of ${broker} does not name this host`);
  }
  if (invalidTime.includes(code))
    return fault(`KAFKA_TLS_CA_FILE, or the certificate of ${broker}, has expired or is not yet valid`);
  if (noTls.includes(code)) return fault(`KAFKA_TLS is on, but ${broker} does not use TLS on this port`);
  const alert = /^ERR_SSL_.*ALERT_(.+)$/.exec(code)?.[1];
  if (alert === 'CERTIFICATE_REQUIRED')
    return fault(`KAFKA_TLS_CERT_FILE is not set, and ${broker} requires a client certificate`);
  if (alert && /CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED/.test(alert)) {
    return fault(`KAFKA_TLS_CERT_FILE: ${broker} rejects the client certificate`);
  }
  if (type === 'UNSUPPORTED_SASL_MECHANISM')
    return fault('KAFKA_SASL_MECHANISM: the broker does not support it on this listener');
  return undefined;
}

// OpenSSL's messages contain a position in its source code.
const summaryOf = (message: string): string =>
  (/:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.replace('Connection error: ', '')).trim();

/** Returns why a broker may have closed a connection without an error: it does so if the protocols differ. */
export function hintOf(failure: unknown, { tls, sasl }: KafkaSecurity): string {
  const { message = '' } = (failure ?? {}) as Failure;
  if (message.includes('before secure TLS connection'))
    return '; likely cause: KAFKA_TLS is on, and the listener does not use TLS';
  if (!message.startsWith('Closed connection')) return '';
  if (!tls) return '; likely cause: KAFKA_TLS is off, and the listener requires TLS';
  return sasl ? '' : '; likely cause: KAFKA_SASL_MECHANISM is not set, and the listener requires a login';
}
