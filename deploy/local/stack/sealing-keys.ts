import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSealingKey } from '@pagebridge/sealed-credentials';
import type { StackFolder } from '../folder.ts';

/** The files for `CREDENTIALS_PUBLIC_KEY_FILE` and `CREDENTIALS_PRIVATE_KEYS_FILE`. */
export interface SealingKeyFiles {
  readonly publicKey: string;
  readonly privateKeys: string;
}

/**
 * Returns the sealing keys of a stack; generates them on the first call.
 *
 * They outlive restarts: an external database and broker keep credentials that were sealed with them.
 */
export async function sealingKeys(folder: StackFolder): Promise<SealingKeyFiles> {
  const home = join(folder.path, 'keys');
  const files = { publicKey: join(home, 'public-key.json'), privateKeys: join(home, 'private-keys.json') };
  if (existsSync(files.publicKey) && existsSync(files.privateKeys)) return files;
  const { publicKey, privateKey } = await generateSealingKey();
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(files.privateKeys, JSON.stringify({ keys: [privateKey] }), { mode: 0o600 });
  writeFileSync(files.publicKey, JSON.stringify(publicKey));
  return files;
}
