import type { SecurityVariables } from '@pagebridge/kafka';
import { isLoopback, UsageError } from '@pagebridge/process';
import type { Context } from './context.ts';
import { readJson } from './private-file.ts';

/** The name of the context that `npm start` makes, in the folder of the repository. */
export const stackName = 'stack';

/** What commands need of `.local/stack.json`. */
export interface Stack {
  readonly brokers: string;
  /** The login of each Kafka user, by name, if the broker requires logins. */
  readonly logins?: Readonly<Record<string, SecurityVariables>>;
  readonly services: {
    readonly connectionManagement: string;
    readonly handleSync: string;
    readonly pageRouting: string;
    readonly alertIntake: string;
    readonly pageHistory: string;
  };
  readonly management?: Readonly<Record<string, string>>;
  readonly access: {
    readonly issuer: string;
    readonly tokenEndpoint: string;
    readonly clients: readonly { readonly name: string; readonly clientId: string; readonly clientSecret: string }[];
  };
  readonly intake?: { readonly token: string };
}

const file = '.local/stack.json';

/** Returns the stack that `npm start` runs in this folder. Throws UsageError if its file is broken, or names another machine. */
export function runningStack(): Stack | undefined {
  const stack = readJson(file, 'run npm start again, or remove the file') as Partial<Stack> | undefined;
  if (stack === undefined) return undefined;
  const { brokers, services, management = {}, access } = stack;
  if (!brokers || !services || !access)
    throw new UsageError(`${file} was not written by npm start\nhint: run npm start again, or remove the file`);
  // A folder of somebody else must not send tokens elsewhere.
  requireHere([access.issuer, access.tokenEndpoint, ...Object.values(services), ...Object.values(management)]);
  return stack as Stack;
}

/** Throws UsageError if one of the URLs is not on this machine. */
export function requireHere(urls: readonly string[]): void {
  const away = urls.find((url) => !URL.canParse(url) || !isLoopback(new URL(url).hostname));
  if (away !== undefined) throw new UsageError(`${file}: ${away} is not on this machine`);
}

export const contextOfStack = ({ brokers, services, access }: Stack): Context => ({
  'connection-management': services.connectionManagement,
  'handle-sync': services.handleSync,
  'page-routing': services.pageRouting,
  'alert-intake': services.alertIntake,
  'page-history': services.pageHistory,
  brokers,
  org: 'acme-us',
  issuer: access.issuer,
  'client-id': 'cli',
});
