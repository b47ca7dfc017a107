/** Helpers for specs and journeys: waiting for conditions, builders of valid records, unique names. Never used in production. */
export * from './at-bounds.ts';
export * from './builders.ts';
export { CertificateAuthority, type CertificateInput, type Issued } from './certificates.ts';
export { configWithoutKafka } from './config-without-kafka.ts';
export { FakeClock, settled } from './fake-clock.ts';
export { collectGarbage, heapBytes } from './garbage.ts';
export { OwnDatabase } from './own-database.ts';
export { testBrokers } from './test-brokers.ts';
export { TestIssuer } from './test-issuer.ts';
export { TokenMint, type TokenParts } from './token-mint.ts';
export { uniqueName } from './unique-name.ts';
export { unlimited } from './unlimited.ts';
export { type WaitOptions, waitFor } from './wait-for.ts';
