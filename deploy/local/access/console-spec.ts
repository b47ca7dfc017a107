import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StackFolder } from '../folder.ts';
import { answersOk } from '../processes/health.ts';
import type { ProcessSpec } from '../processes/processes.ts';
import { scriptOf } from '../stack/services.ts';
import type { StackInfo } from '../stack/stack-info.ts';
import { consoleClient, resource } from './clients.ts';

/** Returns the process of the console's gateway: on loopback, in front of the services of a stack. */
export function consoleSpec(
  folder: StackFolder,
  issuer: string,
  { services, management }: Pick<StackInfo, 'services' | 'management'>,
): ProcessSpec {
  return {
    name: 'console-gateway',
    command: process.execPath,
    args: [scriptOf('console-gateway', 'main.js')],
    env: {
      HOST: '127.0.0.1',
      PORT: new URL(services.console).port,
      MANAGEMENT_PORT: new URL(management.console).port,
      PUBLIC_URL: services.console,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: consoleClient,
      OIDC_RESOURCE: resource,
      SESSION_KEYS_FILE: sessionKeysFile(folder),
      CONNECTION_MANAGEMENT_URL: services.connectionManagement,
      HANDLE_SYNC_URL: services.handleSync,
      PAGE_ROUTING_URL: services.pageRouting,
      PAGE_HISTORY_URL: services.pageHistory,
      ALERT_INTAKE_URL: services.alertIntake,
    },
    layer: 4,
    ready: () => answersOk(`${management.console}/health/ready`),
  };
}

/** Returns the file with the key that seals sessions; it outlives restarts, so that cookies do too. */
function sessionKeysFile(folder: StackFolder): string {
  const file = join(folder.path, 'keys', 'session-keys');
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  return file;
}
