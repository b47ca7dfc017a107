import { execFileSync } from 'node:child_process';
import { orUsage, requirePrivate, UsageError } from '@pagebridge/process';
import { type Chosen, takesSecrets } from '../contexts/chosen-context.ts';
import { type ServiceName, services } from '../contexts/context.ts';
import type { Stack } from '../contexts/stack.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { boundedFetch } from '../http/bounded-fetch.ts';
import { variableIn } from '../resources/given.ts';
import { type Login, LoginStore } from './login-store.ts';

const maxBytes = 64 * 1024;
const commandMs = 60_000;
// So that no token expires on its way.
const earlierMs = 30_000;

/** Whose token commands have with the stack of npm start, as long as nobody is logged in: an admin of acme-us. */
export const stackUser = 'ada';

/**
 * Returns the token for the services: of PAGEBRIDGE_TOKEN or the file of PAGEBRIDGE_TOKEN_FILE, of the context's command, or of
 * the login, which is renewed if it expires; undefined if there is none. Throws CommandError or UsageError.
 */
export async function accessTokenOf(chosen: Chosen, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { 'token-command': command } = chosen.context;
  const given = givenToken('PAGEBRIDGE_TOKEN', chosen, env);
  if (given !== undefined) return given;
  if (command !== undefined) return tokenOfCommand(command);
  const store = new LoginStore(env);
  const login = store.find(chosen.name);
  if (login?.addresses !== undefined && login.addresses !== addressesOf(chosen)) {
    await store.set(chosen.name, undefined);
    const message = `the addresses of ${chosen.name} changed, so its token was deleted\nhint: run pagebridge login`;
    throw new CommandError(exitCodes.notAllowed, message);
  }
  if (login && isOf(chosen, login)) return isFresh(login) ? login.accessToken : renewedToken(chosen, env);
  return chosen.stack && tokenOfStack(chosen.stack);
}

/** Returns where the services of a context are, as one text. */
export const addressesOf = ({ context }: Chosen): string =>
  ['url' as const, ...(Object.keys(services) as ServiceName[])].map((name) => context[name] ?? '').join(' ');

/** Returns the token that a variable has, or the file that `<variable>_FILE` names, if it may be sent to this context. */
export function givenToken(variable: string, chosen: Chosen, env: NodeJS.ProcessEnv): string | undefined {
  const isSet = env[variable] || env[`${variable}_FILE`];
  return isSet && takesSecrets(chosen, variable) ? tokenIn(variable, variableIn(variable, env) ?? '') : undefined;
}

/** Returns the token in a text, of which a file has a line end. Throws UsageError, which does not show the text. */
export function tokenIn(where: string, text: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]{1,16384}$/.test(token)) return token;
  throw new UsageError(`${where}: not a token\nhint: a token is one line of printable ASCII without spaces`);
}

const isOf = ({ context }: Chosen, { issuer }: Login): boolean => issuer === undefined || issuer === context.issuer;
const isFresh = ({ expiresAt }: Login): boolean => expiresAt === undefined || Date.now() < expiresAt - earlierMs;

const logInAgain = 'hint: run pagebridge login';

async function renewedToken(chosen: Chosen, env: NodeJS.ProcessEnv): Promise<string> {
  const store = new LoginStore(env);
  return store.alone(async () => {
    // Another process may have renewed it meanwhile.
    const login = store.find(chosen.name);
    if (login && isFresh(login)) return login.accessToken;
    const expired = `the login of ${chosen.name} expired`;
    if (!login?.refreshToken) throw new CommandError(exitCodes.notAllowed, `${expired}\n${logInAgain}`);
    // Loaded only when it is needed: it takes longer than the call of a service.
    const { renewed } = await import('./issuer.ts');
    try {
      const its = await renewed(chosen, login.refreshToken);
      store.put(chosen.name, its);
      return its.accessToken;
    } catch (error) {
      if (!(error instanceof CommandError && error.exitCode === exitCodes.notAllowed)) throw error;
      throw new CommandError(exitCodes.notAllowed, `${expired}: ${error.message}\n${logInAgain}`);
    }
  });
}

/** Its messages and questions go to the terminal, as those of kubectl's plugins do. */
function tokenOfCommand(command: string): string {
  try {
    const options = { timeout: commandMs, maxBuffer: maxBytes, encoding: 'utf8' } as const;
    return tokenIn(
      'the output of token-command',
      execFileSync('sh', ['-c', command], { ...options, stdio: ['inherit', 'pipe', 'inherit'] }),
    );
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { status, code } = error as { readonly status?: number | null; readonly code?: string };
    throw new CommandError(exitCodes.failed, `token-command failed: ${code ?? `exit code ${status}`}`);
  }
}

type Client = { readonly clientId: string; readonly clientSecret: string; readonly scope?: string };

/** Returns a token by client credentials (RFC 6749, 4.4). */
export async function tokenOfClient(endpoint: string, { clientId, clientSecret, scope }: Client): Promise<string> {
  orUsage(() => requirePrivate(endpoint));
  const login = [clientId, clientSecret].map(encodeURIComponent).join(':');
  const headers = { authorization: `Basic ${btoa(login)}` };
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
  const response = await boundedFetch(endpoint, { method: 'POST', headers, body }).catch(({ message }: Error) => {
    throw new CommandError(exitCodes.unavailable, `${endpoint} is unreachable: ${message}`);
  });
  // The answer may hold a token, so it is never printed.
  const { access_token: token } = Object(await response.json().catch(() => undefined)) as { access_token?: unknown };
  if (response.ok && typeof token === 'string') return tokenIn(`the response of ${endpoint}`, token);
  const message = `${endpoint} responded with ${response.status} and no valid access_token`;
  throw new CommandError(exitCodes.unavailable, message);
}

function tokenOfStack({ access }: Stack): Promise<string> {
  const client = access.clients.find(({ name }) => name === stackUser);
  if (!client) throw new UsageError(`npm start has no client ${stackUser}\nhint: run pagebridge login`);
  return tokenOfClient(access.tokenEndpoint, client);
}
