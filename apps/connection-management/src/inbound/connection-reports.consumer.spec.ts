import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccessTokenUses, ConnectionReports, type OutgoingRecord } from '@pagebridge/contracts';
import { asStoreError } from '@pagebridge/database';
import type { RecordBatch } from '@pagebridge/kafka';
import { systemClock } from '@pagebridge/service';
import { Registry } from 'prom-client';
import { ApplyReports } from '../application/connections/apply-reports.use-case.ts';
import type { Store } from '../application/ports.ts';
import { NoteTokenUses } from '../application/tokens/note-token-uses.use-case.ts';
import { minute } from '../domain/connection.fixtures.ts';
import { ConnectionReportsConsumer } from './connection-reports.consumer.ts';
import { TokenUsesConsumer } from './tokens/token-uses.consumer.ts';

const id = '0199f3a0-0000-7000-8000-000000000001';
const at = minute(1).toISOString();
const attributes = { id, source: '/test', time: at };
const report = ConnectionReports.encode(id, attributes, {
  ...{ kind: 'credential-fault', connectionId: id, sourceOrg: 'acme-us', reportedBy: 'handle-sync' },
  ...{ credentialRevision: 1, at, detail: 'no' },
});
const use = AccessTokenUses.encode(id, attributes, {
  tokenId: id,
  sourceOrg: 'acme-us',
  usedAt: at,
  usedBy: 'page-routing',
});

const batchOf = ({ topic, key, value, headers }: OutgoingRecord): RecordBatch => ({
  ...{ topic, partition: 0, generation: 1 },
  records: [
    {
      topic,
      partition: 0,
      offset: 7,
      key: Buffer.from(String(key)),
      value: value === null ? null : Buffer.from(value),
      headers,
      timestamp: 0,
    },
  ],
});
const failing = (error: unknown) =>
  ({ transaction: () => Promise.reject(asStoreError(error)) }) as Partial<Store> as Store;
const quiet = () => undefined;
let warned: object[] = [];
const log = { debug: quiet, info: quiet, error: quiet, warn: (fields: object) => void warned.push(fields) };
const consumers = [
  (error: unknown) => {
    const applyReports = new ApplyReports(failing(error), systemClock);
    return new ConnectionReportsConsumer(applyReports, new Registry(), log).handle(batchOf(report));
  },
  (error: unknown) => new TokenUsesConsumer(new NoteTokenUses(failing(error), systemClock), log).handle(batchOf(use)),
];
beforeEach(() => {
  warned = [];
});

describe('a report or a use of a token that cannot be stored', () => {
  it.each([
    'ER_ACCESS_DENIED_ERROR',
    'HANDSHAKE_SSL_ERROR',
    'ER_RECORD_FILE_FULL',
    'ER_TOO_MANY_USER_CONNECTIONS',
    'ER_UNKNOWN_COM_ERROR',
    'ER_QUERY_TIMEOUT',
  ])('is retried, never parked, if the database is at fault, and the log names the cause (%s)', async (code) => {
    for (const handle of consumers) {
      const result = await handle(Object.assign(new Error('no, and why'), { code, errno: 1 }));
      expect(result).toMatchObject({ retry: { fromOffset: 7 } });
      expect(result.parked ?? []).toEqual([]);
      const cause = expect.stringContaining(code);
      expect(warned.splice(0)).toEqual([
        expect.objectContaining({ cause, driver: expect.stringContaining('no, and why') }),
      ]);
    }
  });

  it.each(['ER_DATA_TOO_LONG', 'ER_BAD_FIELD_ERROR'])(
    'is parked as poison if its own data is at fault: %s',
    async (code) => {
      const error = Object.assign(new Error('no'), { code, errno: 1 });
      for (const handle of consumers) await expect(handle(error)).rejects.toBe(error);
    },
  );
});
