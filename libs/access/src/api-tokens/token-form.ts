import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The prefix of every API token, by which secret scanners find a token that was committed to a repository. */
export const apiTokenPrefix = 'pbt_';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomLength = 30;
const checksumLength = 6;
const form = new RegExp(`^${apiTokenPrefix}[0-9A-Za-z]{${randomLength + checksumLength}}$`);

/** Returns a new token: the prefix, 30 random characters (178 bits), and 6 characters with the CRC-32 of the preceding text. */
export function makeToken(): string {
  const random = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  return withChecksum(apiTokenPrefix + random);
}

/** Returns whether a text has the format and the checksum of a token, which detects a truncated or mistyped token without a lookup. */
export const hasTokenForm = (text: string): boolean =>
  form.test(text) && withChecksum(text.slice(0, -checksumLength)) === text;

/** Returns the hash under which a token is stored. A token has 178 random bits and cannot be guessed, so the hash needs no salt. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');

function withChecksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let place = 0; place < checksumLength; place += 1) {
    digits = alphabet.charAt(rest % alphabet.length) + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return text + digits;
}
