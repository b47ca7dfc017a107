/** Seals and opens the credentials of connections. Reads no file and no environment; keeps nothing. */
export type { Binding } from './binding.ts';
export type { Credential } from './credential.ts';
export { kidOf, resealFault } from './envelope.ts';
export { SealedCredentialError } from './errors.ts';
export { KeyRing } from './key-ring.ts';
export { seal } from './seal.ts';
export { generateSealingKey, parseSealingKey, type SealingKey } from './sealing-key.ts';
