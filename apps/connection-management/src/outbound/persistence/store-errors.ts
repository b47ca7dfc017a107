import { StoreUnavailable } from '../../application/ports.ts';

/** What comes back by itself: a start waits for these alone. */
const awayCodes = new Set([
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

/** What the same data, or the same statement, meets however often it comes; with the classes 22 and 23 of SQLSTATE. */
const faultCodes = new Set([
  'ER_BAD_FIELD_ERROR',
  'ER_BAD_NULL_ERROR',
  'ER_CHECK_CONSTRAINT_VIOLATED',
  'ER_DATA_TOO_LONG',
  'ER_DUP_ENTRY',
  'ER_INVALID_JSON_TEXT',
  'ER_NET_PACKET_TOO_LARGE',
  'ER_NO_DEFAULT_FOR_FIELD',
  'ER_NO_REFERENCED_ROW_2',
  'ER_PARSE_ERROR',
  'ER_ROW_IS_REFERENCED_2',
  'ER_SYNTAX_ERROR',
  'ER_TRUNCATED_WRONG_VALUE',
  'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
  'ER_WARN_DATA_OUT_OF_RANGE',
  'ER_WRONG_VALUE_COUNT_ON_ROW',
  'WARN_DATA_TRUNCATED',
]);
const faultStates = /^2[23]/;

const driverCodes = /^(ER|PROTOCOL|HANDSHAKE|POOL|AUTH)_|^E[A-Z]+(_AGAIN)?$/;
const poolMessages =
  /closed state|not connected|not established|Pool is closed|connection is closed|No connections available|Queue limit reached/i;

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly driverError?: unknown;
}

/** The driver's error code, wherever TypeORM has put it. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError }: DriverError = error;
  return typeof code === 'string' ? code : codeOf(driverError);
}

/** Whether the database cannot be reached, or is ending or full of others: it comes back without anybody. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  return (code !== undefined && awayCodes.has(code)) || poolMessages.test(messageOf(error));
}

/**
 * Turns what the database or the way to it is at fault for into StoreUnavailable, and leaves every other error as it is.
 *
 * Nobody knows all that may be wrong with a database (a password, a disk, a cluster), and what is taken for a fault of
 * the data is lost to the dead letters: so it is the faults of the data, and of our SQL, that are listed.
 */
export function asStoreError(error: unknown, { mayBeStored = false } = {}): unknown {
  if (!isOfDatabase(error)) return error;
  const cause = codeOf(error) ?? messageOf(error);
  return new StoreUnavailable(`the database does not answer (${cause})`, { cause: error, mayBeStored });
}

/** A deadlock is the database's wish that the transaction be run again. */
export const isDeadlock = (error: unknown): boolean => codeOf(error) === 'ER_LOCK_DEADLOCK';

/** The unique key that a row would have doubled, as the database names it; undefined for any other error. */
export function doubledKeyOf(error: unknown): string | undefined {
  if (codeOf(error) !== 'ER_DUP_ENTRY') return undefined;
  return /for key '(?:[^']*\.)?([^'.]+)'$/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
}

function isOfDatabase(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, errno, sqlState, driverError }: DriverError = error;
  if (typeof code === 'string' && faultCodes.has(code)) return false;
  if (typeof sqlState === 'string') return !faultStates.test(sqlState);
  if (typeof errno === 'number' || (typeof code === 'string' && driverCodes.test(code))) return true;
  return poolMessages.test(messageOf(error)) || isOfDatabase(driverError);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');
