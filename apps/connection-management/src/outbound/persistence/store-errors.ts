import { StoreUnavailable } from '../../application/ports.ts';

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'POOL_CLOSED',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_NORMAL_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_DEADLOCK',
  'ER_OPTION_PREVENTS_STATEMENT',
]);

/** The driver's error code, wherever TypeORM has put it. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  return typeof code === 'string' ? code : codeOf(driverError);
}

/** Turns "the database is away" into StoreUnavailable and leaves every other error as it is. */
export function asStoreError(error: unknown, { mayBeStored = false } = {}): unknown {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  const isAway =
    (code !== undefined && connectionCodes.has(code)) ||
    /closed state|not connected|not established|Pool is closed|connection is closed|Queue limit reached/i.test(message);
  if (!isAway) return error;
  return new StoreUnavailable(`the database does not answer (${code ?? message})`, { cause: error, mayBeStored });
}

/** A deadlock is the database's wish that the transaction be run again. */
export const isDeadlock = (error: unknown): boolean => codeOf(error) === 'ER_LOCK_DEADLOCK';

/** The unique key that a row would have doubled, as the database names it; undefined for any other error. */
export function doubledKeyOf(error: unknown): string | undefined {
  if (codeOf(error) !== 'ER_DUP_ENTRY') return undefined;
  return /for key '(?:[^']*\.)?([^'.]+)'$/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
}
