import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { asStoreError, isAway, pastDeadlocks } from './store-errors.ts';
import { StoreUnavailable } from './store-unavailable.ts';

type Answer = { code?: string; errno?: number; sqlState?: string };
const errorOf = (its: Answer) => Object.assign(new Error('no'), its);

/** The error as the driver throws it, and as TypeORM wraps it. */
const formsOf = (answer: Answer) => [errorOf(answer), new QueryFailedError('SELECT 1', [], errorOf(answer))];

describe('asStoreError', () => {
  it.each<Answer>([
    { code: 'ECONNREFUSED', errno: -111 },
    { code: 'ECONNABORTED' },
    { code: 'ETIMEDOUT' },
    { code: 'EAI_AGAIN' },
    { code: 'PROTOCOL_CONNECTION_LOST' },
    { code: 'HANDSHAKE_SSL_ERROR' },
    { code: 'ER_ACCESS_DENIED_ERROR', errno: 1045, sqlState: '28000' },
    { code: 'ER_DBACCESS_DENIED_ERROR', errno: 1044, sqlState: '42000' },
    { code: 'ER_TABLEACCESS_DENIED_ERROR', errno: 1142, sqlState: '42000' },
    { code: 'ER_TOO_MANY_USER_CONNECTIONS', errno: 1203, sqlState: '42000' },
    { code: 'ER_USER_LIMIT_REACHED', errno: 1226, sqlState: '42000' },
    { code: 'ER_HOST_IS_BLOCKED', errno: 1129, sqlState: 'HY000' },
    { code: 'ER_NO_SUCH_TABLE', errno: 1146, sqlState: '42S02' },
    { code: 'ER_RECORD_FILE_FULL', errno: 1114, sqlState: 'HY000' },
    { code: 'ER_DISK_FULL', errno: 1021, sqlState: 'HY000' },
    { code: 'ER_OUT_OF_RESOURCES', errno: 1041, sqlState: 'HY000' },
    { code: 'ER_UNKNOWN_COM_ERROR', errno: 1047, sqlState: '08S01' },
    { code: 'ER_ERROR_DURING_COMMIT', errno: 1180, sqlState: 'HY000' },
    { code: 'ER_QUERY_INTERRUPTED', errno: 1317, sqlState: '70100' },
    { code: 'ER_QUERY_TIMEOUT', errno: 3024, sqlState: 'HY000' },
    { code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION', errno: 1792, sqlState: '25006' },
    { errno: 1969, sqlState: '70100' },
  ])('turns %j into StoreUnavailable, even if TypeORM wraps it', (answer) => {
    for (const error of formsOf(answer)) {
      expect(asStoreError(error)).toBeInstanceOf(StoreUnavailable);
    }
  });

  it.each<[Answer, string]>([
    [{ code: 'ECONNREFUSED', errno: -111 }, 'the database does not answer (ECONNREFUSED)'],
    [
      { code: 'ER_NO_SUCH_TABLE', errno: 1146, sqlState: '42S02' },
      'the database rejects the request (ER_NO_SUCH_TABLE)',
    ],
    [{ errno: 1969, sqlState: '70100' }, 'the database rejects the request'],
  ])('says of %j, without the text of the driver: %s', (answer, message) => {
    for (const error of formsOf(answer)) {
      expect(asStoreError(error)).toMatchObject({ message, cause: error });
    }
  });

  it.each<Answer>([
    { code: 'ER_TABLEACCESS_DENIED_ERROR', errno: 1142, sqlState: '42000' },
    { code: 'ER_ACCESS_DENIED_ERROR', errno: 1045, sqlState: '28000' },
    { code: 'ER_NO_SUCH_TABLE', errno: 1146, sqlState: '42S02' },
    { code: 'ER_RECORD_FILE_FULL', errno: 1114, sqlState: 'HY000' },
    { code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION', errno: 1792, sqlState: '25006' },
  ])('says that %j needs an operator', (answer) => {
    for (const error of formsOf(answer)) {
      expect(asStoreError(error)).toMatchObject({ extra: { retryAfterMs: 60_000 } });
    }
  });

  it.each<Answer>([
    { code: 'ECONNREFUSED', errno: -111 },
    { code: 'HANDSHAKE_SSL_ERROR' },
    { code: 'ER_CON_COUNT_ERROR', errno: 1040, sqlState: '08004' },
    { code: 'ER_TOO_MANY_USER_CONNECTIONS', errno: 1203, sqlState: '42000' },
    { code: 'ER_USER_LIMIT_REACHED', errno: 1226, sqlState: '42000' },
    { code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205, sqlState: 'HY000' },
    { code: 'ER_LOCK_DEADLOCK', errno: 1213, sqlState: '40001' },
    { code: 'ER_OPTION_PREVENTS_STATEMENT', errno: 1290, sqlState: 'HY000' },
    { code: 'ER_UNKNOWN_COM_ERROR', errno: 1047, sqlState: '08S01' },
    { code: 'ER_ERROR_DURING_COMMIT', errno: 1180, sqlState: 'HY000' },
    { code: 'ER_QUERY_INTERRUPTED', errno: 1317, sqlState: '70100' },
    { code: 'ER_QUERY_TIMEOUT', errno: 3024, sqlState: 'HY000' },
    { errno: 1969, sqlState: '70100' },
  ])('says that %j needs no operator', (answer) => {
    for (const error of formsOf(answer)) {
      expect(asStoreError(error)).toMatchObject({ extra: { retryAfterMs: 2000 } });
    }
  });

  it('names the code if the host has several addresses and none answers', () => {
    const refused = errorOf({ code: 'ECONNREFUSED', errno: -111 });
    const error = Object.assign(new AggregateError([refused, refused]), { code: 'ECONNREFUSED' });
    expect(asStoreError(error)).toMatchObject({ message: 'the database does not answer (ECONNREFUSED)' });
  });

  it.each(['Pool is closed.', 'No connections available.', 'Queue limit reached.'])(
    'does the same with an error of the pool: %s',
    (its) => {
      expect(asStoreError(new Error(its))).toBeInstanceOf(StoreUnavailable);
    },
  );

  it.each<Answer>([
    { code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000' },
    { code: 'ER_DATA_TOO_LONG', errno: 1406, sqlState: '22001' },
    { code: 'ER_TRUNCATED_WRONG_VALUE', errno: 1292, sqlState: '22007' },
    { code: 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', errno: 1366, sqlState: 'HY000' },
    { code: 'WARN_DATA_TRUNCATED', errno: 1265, sqlState: '01000' },
    { code: 'ER_NET_PACKET_TOO_LARGE', errno: 1153, sqlState: '08S01' },
    { code: 'ER_BAD_FIELD_ERROR', errno: 1054, sqlState: '42S22' },
    { code: 'ER_PARSE_ERROR', errno: 1064, sqlState: '42000' },
    { errno: 4025, sqlState: '23000' },
  ])('returns %j, which no retry fixes, unchanged', (answer) => {
    for (const error of formsOf(answer)) {
      expect(asStoreError(error)).toBe(error);
    }
  });

  it.each([new TypeError('x is not a function'), errorOf({ code: 'ERR_INVALID_ARG_TYPE' }), 'no error', undefined])(
    'returns an error from elsewhere unchanged: %s',
    (error) => {
      expect(asStoreError(error)).toBe(error);
    },
  );
});

describe('isAway', () => {
  it('makes a start wait for a database that is away, and not for one that refuses the password', () => {
    expect(isAway(errorOf({ code: 'ECONNREFUSED' }))).toBe(true);
    expect(isAway(errorOf({ code: 'ER_ACCESS_DENIED_ERROR', errno: 1045, sqlState: '28000' }))).toBe(false);
  });
});

describe('work that meets a deadlock', () => {
  const meeting = (errors: unknown[]) => {
    let runs = 0;
    const work = async () => {
      runs += 1;
      const error = errors.shift();
      if (error) throw error;
      return 'done';
    };
    return { work, runs: () => runs };
  };
  const [deadlock, wrapped] = formsOf({ code: 'ER_LOCK_DEADLOCK', errno: 1213, sqlState: '40001' });

  it('is done again, three times altogether', async () => {
    const once = meeting([deadlock, wrapped]);
    expect([await pastDeadlocks(once.work), once.runs()]).toEqual(['done', 3]);
    const always = meeting([deadlock, deadlock, deadlock]);
    await expect(pastDeadlocks(always.work)).rejects.toBe(deadlock);
    expect(always.runs()).toBe(3);
  });

  it('is not done again after any other error', async () => {
    const other = meeting([errorOf({ code: 'ER_LOCK_WAIT_TIMEOUT' })]);
    await expect(pastDeadlocks(other.work)).rejects.toThrow('no');
    expect(other.runs()).toBe(1);
  });
});
