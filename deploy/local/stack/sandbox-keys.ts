import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StackFolder } from '../folder.ts';
import type { OrgWish } from './destinations.ts';
import type { ConnectionWish } from './driver.ts';

/** The body of Add Connection to a destination org of the sandbox, as a file to hand to `curl -d @…`. */
export const connectionFile = (folder: StackFolder, org: string): string => join(folder.path, 'keys', `${org}.json`);

/**
 * The org with the keys that it had before; they are made the first time.
 *
 * They stay over restarts, as the sealing keys do: connections that are kept hold them.
 */
export function withKeptKeys(folder: StackFolder, wish: OrgWish): OrgWish {
  const file = connectionFile(folder, wish.org);
  if (!existsSync(file)) {
    const keys = { apiKey: hex(32), applicationKey: `ddapp_${hex(34)}` };
    const body: ConnectionWish = { name: wish.org, dataCenter: wish.dataCenter, ...keys };
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify(body)}\n`, { mode: 0o600 });
  }
  const { apiKey, applicationKey } = JSON.parse(readFileSync(file, 'utf8')) as ConnectionWish;
  return { ...wish, apiKey, applicationKey };
}

const hex = (length: number) => randomBytes(length / 2).toString('hex');
