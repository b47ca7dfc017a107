import { isLoopback } from '@pagebridge/access';
import { UsageError } from '@pagebridge/programs';
import { type Context, contextOf, services } from './context.ts';
import { contextsFile, readContexts } from './contexts-file.ts';
import { readWithin } from './private-file.ts';

/** The name of the context that `npm start` makes, in the folder of the repository. */
export const stackName = 'stack';

/** A context that commands use. */
export interface Chosen {
  readonly name: string;
  readonly context: Context;
  /** The running stack, if the context is that of `npm start`. */
  readonly stack?: Stack;
}

/** What commands need of `.local/stack.json`. */
export interface Stack {
  readonly brokers: string;
  readonly services: {
    readonly connectionManagement: string;
    readonly handleSync: string;
    readonly pageRouting: string;
    readonly alertIntake: string;
    readonly pageHistory: string;
  };
  readonly access: {
    readonly issuer: string;
    readonly tokenEndpoint: string;
    readonly clients: readonly { readonly name: string; readonly clientId: string; readonly clientSecret: string }[];
  };
  readonly intake?: { readonly token: string };
}

/**
 * Returns the context of `--context`, of PAGEBRIDGE_CONTEXT, or the one in use; without any the running stack of `npm start`, whose
 * addresses the variables of the services override.
 *
 * Those variables mean nothing with a named context: a token of one installation would be sent to another. Throws UsageError.
 */
export function chosenContext(option: string | undefined, env: NodeJS.ProcessEnv): Chosen {
  const file = contextsFile(env);
  const { current, contexts } = readContexts(file);
  const name = option ?? (env.PAGEBRIDGE_CONTEXT || current);
  const context = name !== undefined && Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (name !== undefined && context) return { name, context: contextOf(`${file}: ${name}`, context) };
  if (name !== undefined && name !== stackName) {
    const known = Object.keys(contexts).join(', ') || 'none';
    throw new UsageError(`${file} has no context ${name}; there are: ${known}`);
  }
  const given = Object.entries(services).flatMap(([service, variable]) =>
    env[variable] ? [[service, env[variable]]] : [],
  );
  const addresses = contextOf('the environment', Object.fromEntries(given));
  const stack = runningStack();
  if (stack) return { name: stackName, context: { ...contextOfStack(stack), ...addresses }, stack };
  if (name === undefined && given.length > 0) return { name: 'environment', context: addresses };
  throw new UsageError('which installation? Choose one by pagebridge contexts set and use, or run npm start');
}

/** Returns the brokers of a named context; undefined if it names none, or none is chosen. KAFKA_BROKERS has precedence over the one in use. */
export function brokersOf(option: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (
    option === undefined &&
    (env.KAFKA_BROKERS || !(env.PAGEBRIDGE_CONTEXT || readContexts(contextsFile(env)).current))
  ) {
    return undefined;
  }
  const { context, stack } = chosenContext(option, env);
  // The stack may require a login, which only its own file has.
  return stack ? undefined : context.brokers;
}

/** Returns the stack that `npm start` runs in this folder. */
export function runningStack(): Stack | undefined {
  const text = readWithin(1024 * 1024, '.local/stack.json');
  if (text === undefined) return undefined;
  const stack = JSON.parse(text) as Stack;
  // A folder of somebody else must not send tokens elsewhere.
  const away = Object.values(stack.services).find((url) => !isLoopback(new URL(url).hostname));
  if (away !== undefined) throw new UsageError(`.local/stack.json names ${away}, which is not this machine`);
  return stack;
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
