import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StackFolder } from '../folder.ts';
import type { SandboxOrgConfig } from './destinations.ts';
import type { ConnectionBody } from './driver.ts';

/** The file with the body of Add Connection for a destination org of the sandbox, for `curl -d @…`. */
export const connectionFile = (folder: StackFolder, org: string): string => join(folder.path, 'keys', `${org}.json`);

/**
 * Returns the org with its stored keys; generates them on the first call.
 *
 * The keys outlive restarts, as the sealing keys do: stored connections contain them.
 */
export function withKeptKeys(folder: StackFolder, org: SandboxOrgConfig): SandboxOrgConfig {
  const file = connectionFile(folder, org.org);
  if (!existsSync(file)) {
    const keys = { apiKey: hex(32), applicationKey: `ddapp_${hex(34)}` };
    const body: ConnectionBody = { name: org.org, dataCenter: org.dataCenter, ...keys };
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify(body)}\n`, { mode: 0o600 });
  }
  const { apiKey, applicationKey } = JSON.parse(readFileSync(file, 'utf8')) as ConnectionBody;
  return { ...org, apiKey, applicationKey };
}

const hex = (length: number) => randomBytes(length / 2).toString('hex');
