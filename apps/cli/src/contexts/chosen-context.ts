import { isLoopback } from '@pagebridge/access';
import type { SecurityVariables } from '@pagebridge/kafka';
import { say, UsageError } from '@pagebridge/programs';
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
  /** The login of each Kafka user, by name, if the broker requires logins. */
  readonly logins?: Readonly<Record<string, SecurityVariables>>;
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
 * Returns the context of PAGEBRIDGE_CONTEXT, as which `--context` counts, or the one in use; without any the running stack of `npm start`, whose
 * addresses the variables of the services override.
 *
 * Those variables mean nothing with a named context: a token of one installation would be sent to another. Throws UsageError.
 */
export function chosenContext(env: NodeJS.ProcessEnv): Chosen {
  const file = contextsFile(env);
  const { current, contexts } = readContexts(file);
  const name = env.PAGEBRIDGE_CONTEXT || current;
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

/** Where a command finds Kafka, and the variables of its login there. */
export interface ChosenKafka {
  /** What names the brokers. */
  readonly where: string;
  readonly brokers: string;
  readonly login: SecurityVariables;
  /** The context that names it, and its stack if that runs here. */
  readonly context?: Context;
  readonly stack?: Stack;
}

/**
 * Returns the Kafka of `--brokers`, of PAGEBRIDGE_CONTEXT, of KAFKA_BROKERS, of the context in use, or of the stack of `npm start`.
 *
 * A password of the environment is not sent to a Kafka that the command does not name. Throws UsageError.
 */
export function chosenKafka(user: string, brokers: string | undefined, env: NodeJS.ProcessEnv): ChosenKafka {
  if (brokers !== undefined) return { where: '--brokers', brokers, login: env };
  const isNamed = Boolean(env.PAGEBRIDGE_CONTEXT);
  if (!isNamed && env.KAFKA_BROKERS) return { where: 'KAFKA_BROKERS', brokers: env.KAFKA_BROKERS, login: env };
  if (!isNamed && readContexts(contextsFile(env)).current === undefined && !runningStack())
    throw new UsageError('which Kafka? Give --brokers host:port,… or set KAFKA_BROKERS');
  const { name, context, stack } = chosenContext(env);
  if (stack) {
    requireHere(stack.brokers.split(',').map((broker) => `kafka://${broker.trim()}`));
    return { where: `context ${name}`, brokers: stack.brokers, login: stack.logins?.[user] ?? {}, context, stack };
  }
  if (!context.brokers) throw new UsageError(`context ${name} has no brokers: pagebridge contexts set, or --brokers`);
  if (!isNamed && env.KAFKA_SASL_MECHANISM)
    say(`KAFKA_SASL_… is not sent to the context ${name}, which is only in use: give --context ${name}`);
  const login = isNamed ? env : Object.fromEntries(Object.entries(env).filter(([name]) => !/^KAFKA_SASL_/.test(name)));
  return { where: `context ${name}`, brokers: context.brokers, login, context };
}

/** Throws UsageError if a context is chosen for a command that is configured as a service is: it would change another installation. */
export function refuseContext(command: string, { PAGEBRIDGE_CONTEXT: name }: NodeJS.ProcessEnv): void {
  if (name) throw new UsageError(`${command} uses the variables in its help, and no context such as ${name}`);
}

/** Returns the stack that `npm start` runs in this folder. */
export function runningStack(): Stack | undefined {
  const text = readWithin(1024 * 1024, '.local/stack.json');
  if (text === undefined) return undefined;
  const stack = JSON.parse(text) as Stack;
  // A folder of somebody else must not send tokens elsewhere.
  requireHere(Object.values(stack.services));
  return stack;
}

function requireHere(urls: readonly string[]): void {
  const away = urls.find((url) => !URL.canParse(url) || !isLoopback(new URL(url).hostname));
  if (away !== undefined) throw new UsageError(`.local/stack.json names ${away}, which is not this machine`);
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
