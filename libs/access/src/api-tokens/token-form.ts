import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What every API token begins with, so that scanners of repositories find one that was committed. */
export const apiTokenPrefix = 'pbt_';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomLength = 30;
const checksumLength = 6;
const form = new RegExp(`^${apiTokenPrefix}[0-9A-Za-z]{${randomLength + checksumLength}}$`);

/** A new token: the prefix, 30 random characters (178 bits), and 6 of a CRC-32 of all before them. */
export function makeToken(): string {
  const random = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  return withChecksum(apiTokenPrefix + random);
}

/** Whether it can be a token at all: one that was cut off or mistyped is told without looking anything up. */
export const hasTokenForm = (text: string): boolean =>
  form.test(text) && withChecksum(text.slice(0, -checksumLength)) === text;

/** What is kept of a token. It is as random as the hash is long, so nobody finds it by trying: no salt is needed. */
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
