import { StoreUnavailable } from './store-unavailable.ts';

/** Errors that end without an operator: a start waits only for these. */
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
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_USER_LIMIT_REACHED',
  'ER_NORMAL_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_DEADLOCK',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_UNKNOWN_COM_ERROR',
  'ER_ERROR_DURING_COMMIT',
  'ER_QUERY_TIMEOUT',
]);
/** The classes of SQLSTATE for a transaction that was rolled back and a statement that was interrupted. */
const awayStates = /^[47]0/;

/** Errors that the same data or statement always causes; so do the classes 22 and 23 of SQLSTATE. */
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

/** Returns the driver's error code, wherever TypeORM has put it. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError }: DriverError = error;
  return typeof code === 'string' ? code : codeOf(driverError);
}

/** Returns whether the database is unreachable, shutting down or busy, or gave up one request: it recovers without an operator. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  return (
    (code !== undefined && awayCodes.has(code)) ||
    awayStates.test(stateOf(error)) ||
    poolMessages.test(messageOf(error))
  );
}

/**
 * Turns an error of the database or the network into StoreUnavailable; returns any other error unchanged.
 *
 * The possible faults of a database cannot all be listed (a password, a disk, a cluster), and an error that is taken for a
 * fault of the data sends its record to the dead letters. So the faults of the data, and of our SQL, are the ones listed.
 */
export function asStoreError(error: unknown, { mayBeStored = false } = {}): unknown {
  if (!isOfDatabase(error)) return error;
  // The message is shown to callers, so it has the code and no text of the driver.
  const code = codeOf(error);
  // Only an answer of the server has an SQLSTATE.
  const isRefusal = stateOf(error) !== '';
  const message = `the database ${isRefusal ? 'rejects the request' : 'does not answer'}${code ? ` (${code})` : ''}`;
  return new StoreUnavailable(message, { cause: error, mayBeStored, needsOperator: isRefusal && !isAway(error) });
}

// Of MySQL and of MariaDB.
const tooSlow: readonly unknown[] = [3024, 1969];

/** Returns whether the server ended a statement that took longer than `readSeconds`. */
export function isTooSlow(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { errno, driverError }: DriverError = error;
  return tooSlow.includes(errno) || isTooSlow(driverError);
}

/** Returns whether the database ended the transaction because of a deadlock. */
export const isDeadlock = (error: unknown): boolean => codeOf(error) === 'ER_LOCK_DEADLOCK';

const attempts = 3;

/** Does work that is one transaction, again after a deadlock: the database has undone all of it. */
export async function pastDeadlocks<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isDeadlock(error)) throw error;
    }
  }
  return work();
}

/** Returns the unique key that a row would duplicate, as named by the database; undefined for any other error. */
export function doubledKeyOf(error: unknown): string | undefined {
  if (codeOf(error) !== 'ER_DUP_ENTRY') return undefined;
  return /for key '(?:[^']*\.)?([^'.]+)'$/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
}

/** Returns the SQLSTATE of an error of the server, wherever TypeORM has put it; empty for any other error. */
function stateOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { sqlState, driverError }: DriverError = error;
  return typeof sqlState === 'string' ? sqlState : stateOf(driverError);
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
