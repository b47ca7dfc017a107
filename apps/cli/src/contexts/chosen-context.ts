import type { SecurityVariables } from '@pagebridge/kafka';
import { say, UsageError } from '@pagebridge/process';
import { type Context, contextOf, services } from './context.ts';
import { contextsFile, readContexts } from './contexts-file.ts';
import { contextOfStack, requireHere, runningStack, type Stack, stackName } from './stack.ts';

const environmentName = 'environment';

/** The contexts that no file has: the stack of `npm start`, and the addresses in variables. */
export const ownNames: readonly string[] = [stackName, environmentName];

/** A context that commands use. */
export interface Chosen {
  readonly name: string;
  readonly context: Context;
  /** Whether `--context` or the environment names it: secrets of the environment are sent to no other. */
  readonly isNamed: boolean;
  /** The running stack, if the context is that of `npm start`. */
  readonly stack?: Stack;
}

/**
 * Returns the context of PAGEBRIDGE_CONTEXT, as which `--context` counts, or the one in use; without any that of the variables of the services,
 * or the running stack of `npm start`.
 *
 * Those variables mean nothing with a context: a token of one installation would be sent to another. Throws UsageError.
 */
export function chosenContext(env: NodeJS.ProcessEnv): Chosen {
  const file = contextsFile(env);
  const { current, contexts } = readContexts(file);
  const isNamed = Boolean(env.PAGEBRIDGE_CONTEXT);
  const name = env.PAGEBRIDGE_CONTEXT || current;
  const context = name !== undefined && Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (name !== undefined && context) return { name, isNamed, context: contextOf(`${file}: ${name}`, context) };
  if (name !== undefined && !ownNames.includes(name)) {
    const known = Object.keys(contexts).join(', ') || 'none';
    throw new UsageError(`${file} has no context ${name}\nhint: use one of: ${known}`);
  }
  const given = Object.values(services).some((variable) => env[variable]);
  if (name === environmentName || (name === undefined && given)) {
    const variables = Object.entries({ ...services, brokers: 'KAFKA_BROKERS' });
    const fields = variables.flatMap(([field, variable]) => (env[variable] ? [[field, env[variable]]] : []));
    const context = contextOf('the environment', Object.fromEntries(fields));
    return { name: environmentName, isNamed: true, context };
  }
  const stack = runningStack();
  if (stack) return { name: stackName, isNamed, context: contextOfStack(stack), stack };
  throw new UsageError(
    'no installation is selected\nhint: run pagebridge contexts set and pagebridge contexts use, or npm start',
  );
}

/** Returns whether secrets of the environment may be sent to a context; says so if not. */
export function takesSecrets({ name, isNamed }: Chosen, secret: string): boolean {
  if (!isNamed)
    say(`warning: ${secret} is not sent to the current context ${name}\nhint: pass --context ${name} to send it`);
  return isNamed;
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
    throw new UsageError('no Kafka brokers are configured\nhint: use --brokers host:port,… or set KAFKA_BROKERS');
  const chosen = chosenContext(env);
  const { name, context, stack } = chosen;
  if (stack) {
    requireHere(stack.brokers.split(',').map((broker) => `kafka://${broker.trim()}`));
    return { where: `context ${name}`, brokers: stack.brokers, login: stack.logins?.[user] ?? {}, context, stack };
  }
  if (!context.brokers)
    throw new UsageError(`context ${name} has no brokers\nhint: run pagebridge contexts set, or use --brokers`);
  if (env.KAFKA_SASL_MECHANISM) takesSecrets(chosen, 'KAFKA_SASL_…');
  const withoutLogin = Object.entries(env).filter(([name]) => !/^KAFKA_SASL_/.test(name));
  const login = chosen.isNamed ? env : Object.fromEntries(withoutLogin);
  return { where: `context ${name}`, brokers: context.brokers, login, context };
}
