import { Writable } from 'node:stream';
import { describe, expect, it, jest } from '@jest/globals';
import { pinoHttp } from 'pino-http';
import { Registry } from 'prom-client';
import { createLog, kafkaLog, requestLogging, ServiceLogger } from './logging.ts';

/** Returns a log, its lines, and the number of lines that it left out by kind. */
function aLog() {
  const lines: Record<string, unknown>[] = [];
  const registry = new Registry();
  const log = createLog('spec', 'info', registry, { write: (line) => void lines.push(JSON.parse(line)) });
  const leftOut = async () => {
    const { values = [] } = (await registry.getSingleMetric('pagebridge_log_lines_left_out_total')?.get()) ?? {};
    return Object.fromEntries(values.map(({ labels, value }) => [labels.kind, value]));
  };
  return { log, lines, leftOut };
}

describe("a service's log", () => {
  it('logs what Nest says of its modules and routes at level debug', () => {
    const lines: string[] = [];
    const at = (level: string) => (_fields: object, message: string) => void lines.push(`${level} ${message}`);
    const logger = new ServiceLogger({ info: at('info'), debug: at('debug') } as never, {});
    logger.log('Mapped {/health, GET} route', 'RouterExplorer');
    logger.log('ready');
    expect(lines).toEqual(['debug Mapped {/health, GET} route', 'info ready']);
  });

  it('logs of an error and its causes type, message, code and stack, and no other property', () => {
    const query = { query: 'INSERT canary', parameters: ['canary'], sql: 'canary' };
    const cause = Object.assign(new Error('the cause'), query);
    const error = Object.assign(new TypeError('no such column', { cause }), query, {
      code: 'ER_BAD_FIELD_ERROR',
      driverError: Object.assign(new Error('x'), query),
    });
    const { log, lines } = aLog();
    log.error(error);
    log.child({ context: 'http' }).error({ error }, 'failed');
    log.error({ err: error }, 'failed again');
    for (const line of lines) {
      expect(line.error).toEqual({
        type: 'TypeError',
        message: expect.stringContaining('no such column'),
        stack: expect.stringContaining('the cause'),
        code: 'ER_BAD_FIELD_ERROR',
      });
    }
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('canary');
  });

  it('has one type for the field `error`: an object, also where a line has only a text', () => {
    const { log, lines } = aLog();
    log.warn({ error: 'the broker is away' }, 'a');
    kafkaLog(log).warn('b', { error: 'the broker is away' });
    expect(lines.map(({ error }) => error)).toEqual(Array(2).fill({ message: 'the broker is away' }));
  });

  it('has the version of the service in each line', () => {
    const { log, lines } = aLog();
    log.child({ context: 'kafka' }).info('ready');
    expect(lines).toMatchObject([{ service: 'spec', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) }]);
  });

  function logged(fields: object, ...answers: object[]) {
    const { log, lines } = aLog();
    const { pinoHttp: options } = requestLogging(log);
    const middleware = pinoHttp(options as never);
    for (const answer of answers) {
      const request = { id: '1', method: 'GET', url: '/v1/things', headers: {}, ...fields };
      const response = new Writable();
      middleware(request as never, Object.assign(response, answer) as never);
      response.emit('finish');
    }
    return lines;
  }

  it('logs the cause of a failed request without a stack', () => {
    const [line] = logged({ identity: {} }, { statusCode: 503, err: new Error('the database does not answer') });
    expect(line).toMatchObject({ level: 'warn', req: { method: 'GET' } });
    expect(line?.error).toEqual({ message: 'the database does not answer' });
    expect(line).not.toHaveProperty('err');
  });

  it('logs no link to a snapshot, which whoever has it may read', () => {
    const lines = logged({ url: '/s/kid.payload.mac/' }, { statusCode: 500 });
    expect(lines).toMatchObject([{ req: { path: '/s/…' } }]);
    expect(JSON.stringify(lines)).not.toContain('payload');
  });

  it('logs at most five failed requests a minute of each status', () => {
    const failed = Array.from({ length: 25 }, () => [{ statusCode: 503 }, { statusCode: 500 }]).flat();
    const texts = logged({ identity: {} }, ...failed).map(({ error }) => (error as Error).message);
    const [first, second] = [503, 500].map((status) => Array(5).fill(`failed with status code ${status}`));
    expect(texts.toSorted()).toEqual([...(second ?? []), ...(first ?? [])]);
  });

  it('logs no warning for a 503 to an unknown caller, since strangers could flood the log', () => {
    expect(logged({}, { statusCode: 503 })).toEqual([]);
    expect(logged({ identity: {} }, { statusCode: 503 })).toMatchObject([{ level: 'warn' }]);
    expect(logged({}, { statusCode: 500 })).toMatchObject([{ level: 'warn' }]);
  });

  it('names each connection whose pages wait, however many lines the others have, and not only the first twenty', () => {
    const { log, lines } = aLog();
    const connections = Array.from({ length: 300 }, (_, number) => `connection-${number}`);
    for (const connectionId of connections) {
      for (let times = 0; times < 20; times += 1) log.warn({ connectionId, alertKey: 'a' }, 'page delivery delayed');
    }
    expect(new Set(lines.map(({ connectionId }) => connectionId)).size).toBe(300);
    expect(lines.length).toBeLessThan(500);
  });

  it('is limited for each reason apart, so that many lines of one leave those of another', () => {
    const { log, lines } = aLog();
    for (let times = 0; times < 300; times += 1) log.info({ sourceOrg: 'acme', reason: 'local' }, 'handle unrouted');
    log.warn({ sourceOrg: 'acme', reason: 'unknown-handle' }, 'handle unrouted');
    expect(lines.map(({ reason }) => reason)).toEqual([...Array(5).fill('local'), 'unknown-handle']);
  });

  it('names each record of which a line of level error tells, since no other line may', () => {
    const { log, lines } = aLog();
    for (let offset = 0; offset < 50; offset += 1)
      kafkaLog(log).error('unreadable table record skipped', { topic: 'paging.connections.v1', partition: 1, offset });
    expect(lines.map(({ offset }) => offset)).toEqual(Array.from({ length: 50 }, (_, offset) => offset));
  });

  it('counts the lines that it leaves out by what they are about, from 0, and says their number each minute', async () => {
    jest.useFakeTimers();
    const { log, lines, leftOut } = aLog();
    const none = { page: 0, connection: 0, topic: 0, request: 0, other: 0 };
    expect(await leftOut()).toEqual(none);
    for (let times = 0; times < 8; times += 1) {
      log.warn({ connectionId: 'c', alertKey: 'a' }, 'page delivery delayed');
      kafkaLog(log).error('table record not applied', { topic: 't' });
    }
    expect(await leftOut()).toEqual({ ...none, page: 3, topic: 3 });
    lines.splice(0);
    jest.advanceTimersByTime(60_000);
    expect(lines).toMatchObject([
      { message: 'log messages suppressed', suppressed: 'page delivery delayed', lines: 3 },
      { message: 'log messages suppressed', suppressed: 'table record not applied', lines: 3 },
    ]);
    jest.useRealTimers();
  });
});

describe('the log of the Kafka library', () => {
  it('is limited, since an unreachable broker is logged several times a second for each connection', () => {
    const { log, lines } = aLog();
    for (let times = 0; times < 100; times += 1) {
      kafkaLog(log).warn('kafkajs Connection: connect ECONNREFUSED', { times });
    }
    expect(lines).toHaveLength(5);
  });

  it('names the alert of a dead letter, also without a key, but not of a record that is about none', () => {
    const { log, lines } = aLog();
    kafkaLog(log).warn('dead letter written', { topic: 'paging.org-alerts.v1.acme', key: 'acme/disk/full' });
    kafkaLog(log).warn('dead letter written', { topic: 'paging.page-commands.v1', key: null });
    kafkaLog(log).warn('dead letter written', { topic: 'paging.sync-requests.v1', key: 'us1/x' });
    expect(lines).toMatchObject([{ sourceOrg: 'acme', alertKey: 'disk/full' }, { sourceOrg: '', alertKey: '' }, {}]);
    expect(lines[2]).not.toHaveProperty('alertKey');
  });
});
