import { decodeProtectedHeader } from 'jose';
import { contentEncryption, keyManagement } from './algorithms.ts';
import { SealedCredentialError } from './errors.ts';

/** The parts of a sealed credential, still encoded, which can be read without a key. */
export interface Envelope {
  /** The id of the key for which the credential is sealed. */
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

/** Parses the parts of a sealed credential; throws `malformed` for any other text. */
export function envelopeOf(sealed: string): Envelope {
  const parts = sealed.split('.');
  const [header, encryptedKey, iv, ciphertext, tag] = parts;
  if (parts.length !== 5 || !header || !encryptedKey || !iv || !ciphertext || !tag) {
    throw new SealedCredentialError('malformed', 'not a sealed credential: it must have five parts, separated by dots');
  }
  const { kid } = headerOf(header);
  if (typeof kid !== 'string' || kid === '') {
    throw new SealedCredentialError('malformed', 'not a sealed credential: its header has no "kid"');
  }
  return { kid, header, encryptedKey, iv, ciphertext, tag };
}

/** Returns the id of the key for which a credential is sealed; undefined if the text is not a sealed credential. */
export function kidOf(sealed: string): string | undefined {
  try {
    return envelopeOf(sealed).kid;
  } catch (error) {
    if (error instanceof SealedCredentialError) return undefined;
    throw error;
  }
}

// The base64url lengths of a wrapped 256-bit key, and of the nonce and the tag of AES-GCM, so that no other data fits in.
const lengths = { encryptedKey: 54, iv: 16, tag: 22 } as const;
const base64url = /^[\w-]+$/;

/**
 * Returns a reason why a text cannot be the credential of `former` sealed for the key `kid`; undefined if there is none.
 *
 * Works without a private key, from the form and the lengths: equal credentials have ciphertexts of equal length. Only a
 * private key can show whether the text opens, and for which connection, since it does not contain its binding.
 */
export function resealFault(sealed: string, former: string, kid: string): string | undefined {
  try {
    const envelope = envelopeOf(sealed);
    const { alg, enc, epk } = headerOf(envelope.header);
    if (alg !== keyManagement || enc !== contentEncryption) {
      return `its header must have alg ${keyManagement} and enc ${contentEncryption}`;
    }
    if (envelope.kid !== kid)
      return `it is sealed for key "${envelope.kid.slice(0, 128)}", and the current key is "${kid}"`;
    const isPoint = epk?.kty === 'EC' && epk.crv === 'P-256' && typeof epk.x === 'string' && typeof epk.y === 'string';
    const isWhole = Object.entries(lengths).every(
      ([part, length]) => envelope[part as keyof typeof lengths].length === length,
    );
    if (!isPoint || !isWhole || !sealed.split('.').every((part) => base64url.test(part))) {
      return 'it is not a sealed credential: a part has a wrong format or length';
    }
    if (envelope.ciphertext.length !== envelopeOf(former).ciphertext.length) {
      return 'its keys differ from those of the credential that it would replace: the lengths are different';
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
