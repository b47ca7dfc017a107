import { SecurityError } from '../../errors.ts';
import type { KafkaSecurity } from '../../settings.ts';

/** What kafkajs must not try again at once, though it may pass: a consumer comes back to it after a while. */
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
const outOfTime = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];
const noTls = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST'];

/** Names what a failed connection says of certificates, logins and rights; undefined: it says nothing of them. */
export function securityFaultOf(failure: unknown): SecurityError | undefined {
  if (failure instanceof SecurityError) return failure;
  const { code = '', type, broker = 'the broker', message = '' } = (failure ?? {}) as Failure;
  const told = (text: string) => new SecurityError(`${text} (${briefOf(message)})`);
  if (untrusted.includes(code)) return told(`KAFKA_TLS_CA_FILE: nothing in it has signed the certificate of ${broker}`);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return told(`KAFKA_BROKERS: the certificate of ${broker} is not made out to this host`);
  }
  if (outOfTime.includes(code)) return told(`KAFKA_TLS_CA_FILE, or the certificate of ${broker}, is out of its time`);
  if (noTls.includes(code)) return told(`KAFKA_TLS is on, but ${broker} does not speak TLS there`);
  const alert = /^ERR_SSL_.*ALERT_(.+)$/.exec(code)?.[1];
  if (alert === 'CERTIFICATE_REQUIRED')
    return told(`KAFKA_TLS_CERT_FILE is not set, and ${broker} wants a certificate`);
  if (alert && /CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED/.test(alert)) {
    return told(`KAFKA_TLS_CERT_FILE: ${broker} refuses the client certificate`);
  }
  if (type === 'UNSUPPORTED_SASL_MECHANISM') return told('KAFKA_SASL_MECHANISM: the broker does not offer it there');
  return undefined;
}

// OpenSSL tells where in its sources it was.
const briefOf = (message: string): string =>
  (/:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.replace('Connection error: ', '')).trim();

/** Why a broker may have closed a connection without a word: it has none for who speaks another protocol than it does. */
export function hintOf(failure: unknown, { tls, sasl }: KafkaSecurity): string {
  const { message = '' } = (failure ?? {}) as Failure;
  if (message.includes('before secure TLS connection')) return '; KAFKA_TLS is on: is this a port for TLS?';
  if (!message.startsWith('Closed connection')) return '';
  if (!tls) return '; a port for TLS does so where KAFKA_TLS is off';
  return sasl ? '' : '; a broker that wants a login does so where KAFKA_SASL_MECHANISM is not set';
}
