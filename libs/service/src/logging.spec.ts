import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { pinoHttp } from 'pino-http';
import { requestLogging, ServiceLogger } from './logging.ts';

describe("a service's log", () => {
  it('tells what Nest puts together to those who debug alone', () => {
    const told: string[] = [];
    const at = (level: string) => (_fields: object, message: string) => void told.push(`${level} ${message}`);
    const logger = new ServiceLogger({ info: at('info'), debug: at('debug') } as never, {});
    logger.log('Mapped {/health, GET} route', 'RouterExplorer');
    logger.log('ready');
    expect(told).toEqual(['debug Mapped {/health, GET} route', 'info ready']);
  });

  it('tells of a request that failed why, without a stack', () => {
    let line = '';
    const stream = new Writable({
      write(bytes, _encoding, done) {
        line += bytes;
        done();
      },
    });
    const { pinoHttp: options } = requestLogging(pino(stream));
    const request = { id: '1', method: 'GET', url: '/v1/things', headers: {} };
    const response = new Writable();
    const failure = { statusCode: 503, err: new Error('the database does not answer') };
    pinoHttp(options as never)(request as never, Object.assign(response, failure) as never);
    response.emit('finish');
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      error: 'the database does not answer',
      req: { method: 'GET' },
    });
    expect(line).not.toContain('stack');
  });
});
