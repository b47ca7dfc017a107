import { decodeProtectedHeader } from 'jose';
import { contentEncryption, keyManagement } from './algorithms.ts';
import { SealedCredentialError } from './errors.ts';

/** What a sealed credential shows without a key, its parts as they stand in it. */
export interface Envelope {
  /** The id of the key that it is sealed for. */
  readonly kid: string;
  readonly header: string;
  readonly encryptedKey: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

interface Header {
  readonly kid?: string;
  readonly alg?: string;
  readonly enc?: string;
  readonly epk?: { readonly kty?: unknown; readonly crv?: unknown; readonly x?: unknown; readonly y?: unknown };
}

/** Reads what a sealed credential shows; throws `malformed` for anything else. */
export function envelopeOf(sealed: string): Envelope {
  const parts = sealed.split('.');
  const [header, encryptedKey, iv, ciphertext, tag] = parts;
  if (parts.length !== 5 || !header || !encryptedKey || !iv || !ciphertext || !tag) {
    throw new SealedCredentialError('malformed', 'not a sealed credential: five parts joined by dots are expected');
  }
  const { kid } = headerOf(header);
  if (typeof kid !== 'string' || kid === '') {
    throw new SealedCredentialError('malformed', 'not a sealed credential: its header names no key');
  }
  return { kid, header, encryptedKey, iv, ciphertext, tag };
}

/** The id of the key that a credential is sealed for; undefined where it is no sealed credential. */
export function kidOf(sealed: string): string | undefined {
  try {
    return envelopeOf(sealed).kid;
  } catch (error) {
    if (error instanceof SealedCredentialError) return undefined;
    throw error;
  }
}

// Bytes as base64url: a wrapped key of 256 bits, the nonce and the tag of AES-GCM. They leave no room for anything else.
const lengths = { encryptedKey: 54, iv: 16, tag: 22 } as const;
const letters = /^[\w-]+$/;

/**
 * What shows, without a private key, that a text is not the credential of `former` sealed for this key; undefined where
 * nothing does.
 *
 * The same keys have a cipher text of the same length. Whether it opens, and as the credential of which connection,
 * shows to a private key alone: its binding is not in it.
 */
export function resealFault(sealed: string, former: string, kid: string): string | undefined {
  try {
    const envelope = envelopeOf(sealed);
    const { alg, enc, epk } = headerOf(envelope.header);
    if (alg !== keyManagement || enc !== contentEncryption) {
      return `its header must say alg ${keyManagement} and enc ${contentEncryption}`;
    }
    if (envelope.kid !== kid)
      return `it is sealed for key "${envelope.kid.slice(0, 128)}", and the present key is "${kid}"`;
    const isPoint = epk?.kty === 'EC' && epk.crv === 'P-256' && typeof epk.x === 'string' && typeof epk.y === 'string';
    const isWhole = Object.entries(lengths).every(
      ([part, length]) => envelope[part as keyof typeof lengths].length === length,
    );
    if (!isPoint || !isWhole || !sealed.split('.').every((part) => letters.test(part))) {
      return 'it is not as a seal makes it: a part has another form or length';
    }
    if (envelope.ciphertext.length !== envelopeOf(former).ciphertext.length) {
      return 'it holds other keys than the one that it would replace: their lengths differ';
    }
    return undefined;
  } catch (error) {
    if (error instanceof SealedCredentialError) return error.message;
    throw error;
  }
}

function headerOf(header: string): Header {
  try {
    return decodeProtectedHeader({ protected: header }) as Header;
  } catch {
    throw new SealedCredentialError('malformed', 'not a sealed credential: its header cannot be read');
  }
}
