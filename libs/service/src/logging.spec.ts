import { Writable } from 'node:stream';
import { describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { pinoHttp } from 'pino-http';
import { createLog, kafkaLog, limitedLog, requestLogging, ServiceLogger } from './logging.ts';

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
    const lines: string[] = [];
    const log = createLog('test', 'info', { write: (line) => void lines.push(line) });
    log.error(error);
    log.child({ context: 'http' }).error({ error }, 'failed');
    for (const [index, field] of ['err', 'error'].entries()) {
      expect(JSON.parse(lines[index] ?? '')[field]).toEqual({
        type: 'TypeError',
        message: expect.stringContaining('no such column'),
        stack: expect.stringContaining('the cause'),
        code: 'ER_BAD_FIELD_ERROR',
      });
    }
    expect(lines.join()).not.toContain('canary');
  });

  function logged(fields: object, ...answers: object[]): string {
    let lines = '';
    const stream = new Writable({
      write(bytes, _encoding, done) {
        lines += bytes;
        done();
      },
    });
    const { pinoHttp: options } = requestLogging(pino(stream));
    const log = pinoHttp(options as never);
    for (const answer of answers) {
      const request = { id: '1', method: 'GET', url: '/v1/things', headers: {}, ...fields };
      const response = new Writable();
      log(request as never, Object.assign(response, answer) as never);
      response.emit('finish');
    }
    return lines;
  }

  it('logs the cause of a failed request without a stack', () => {
    const line = logged({ identity: {} }, { statusCode: 503, err: new Error('the database does not answer') });
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      error: 'the database does not answer',
      req: { method: 'GET' },
    });
    expect(line).not.toContain('stack');
  });

  it('logs no link to a snapshot, which whoever has it may read', () => {
    const line = logged({ url: '/s/kid.payload.mac/' }, { statusCode: 500 });
    expect(JSON.parse(line)).toMatchObject({ req: { path: '/s/…' } });
    expect(line).not.toContain('payload');
  });

  it('logs at most twenty failed requests a minute of each status', () => {
    const failed = Array.from({ length: 25 }, () => [{ statusCode: 503 }, { statusCode: 500 }]).flat();
    const lines = logged({ identity: {} }, ...failed)
      .trim()
      .split('\n');
    for (const status of [503, 500]) {
      expect(lines.filter((line) => line.includes(`failed with status code ${status}`))).toHaveLength(20);
    }
  });

  it('logs no warning for a 503 to an unknown caller, since strangers could flood the log', () => {
    expect(logged({}, { statusCode: 503 })).toBe('');
    expect(JSON.parse(logged({ identity: {} }, { statusCode: 503 }))).toMatchObject({ level: 40 });
    expect(JSON.parse(logged({}, { statusCode: 500 }))).toMatchObject({ level: 40 });
  });
});

describe('a limited log', () => {
  it('writes twenty lines a minute of each message, and then how many it left out', () => {
    jest.useFakeTimers();
    const lines: unknown[] = [];
    const write = (fields: object, message: string) => void lines.push([message, fields]);
    const log = limitedLog({ debug: write, info: write, warn: write, error: write });
    for (let count = 1; count <= 25; count += 1) log.warn({ count }, 'the database fails');
    log.error({}, 'a record is skipped');
    expect(lines).toHaveLength(21);
    jest.advanceTimersByTime(60_000);
    expect(lines.slice(21)).toEqual([['log messages suppressed', { kind: 'the database fails', leftOut: 5 }]]);
    jest.useRealTimers();
  });
});

describe('the log of the Kafka library', () => {
  it('is limited, since an unreachable broker is logged several times a second for each connection', () => {
    const lines: string[] = [];
    const log = kafkaLog(createLog('spec', 'info', { write: (line) => void lines.push(line) }));
    for (let times = 0; times < 100; times += 1) log.warn('kafkajs Connection: connect ECONNREFUSED', { times });
    expect(lines).toHaveLength(20);
  });
});
