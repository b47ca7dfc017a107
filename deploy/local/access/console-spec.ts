import type { StackFolder } from '../folder.ts';
import { answersOk } from '../processes/health.ts';
import type { ProcessSpec } from '../processes/processes.ts';
import { scriptOf } from '../stack/services.ts';
import type { StackInfo } from '../stack/stack-info.ts';
import { consoleClient, resource } from './clients.ts';
import { secretKeysFile } from './secret-keys.ts';

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
      SESSION_KEYS_FILE: secretKeysFile(folder, 'session-keys'),
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
