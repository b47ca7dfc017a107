/** Seals and opens the credentials of connections. Reads no file and no environment; keeps nothing. */
export type { Binding } from './binding.ts';
export type { Credential } from './credential.ts';
export { kidOf, resealFault } from './envelope.ts';
export { SealedCredentialError, type SealedCredentialErrorCode } from './errors.ts';
export { KeyRing } from './key-ring.ts';
export { seal } from './seal.ts';
export { generateSealingKey, parseSealingKey, type SealingKey, type SealingKeyPair } from './sealing-key.ts';
export { Secret } from './secret.ts';
