import { describe, expect, it } from '@jest/globals';
import { Startup } from './startup.ts';

const warned: string[] = [];
const ignore = () => undefined;
const log = { debug: ignore, info: ignore, error: ignore, warn: (_: object, line: string) => void warned.push(line) };

describe('a start', () => {
  it('retries transient errors, logs each error once, and counts as started only when all steps are done', async () => {
    const startup = new Startup(log);
    const states: string[] = [];
    let checks = 0;
    const check = async () => {
      checks += 1;
      if (checks < 3) throw new Error('no topic');
    };
    startup.before('looking', check, () => true);
    startup.before('reading', async () => void states.push(startup.health().detail));
    const running = startup.run(30_000);
    await Promise.resolve();
    expect(startup.health()).toEqual({ started: false, ready: false, detail: 'looking: no topic' });
    await running;
    expect(warned).toEqual(['startup step failed; retrying']);
    expect(states).toEqual(['reading']);
    expect(startup.health()).toEqual({ started: true, ready: true, detail: 'done' });
  });

  it('fails with the last error when a transient error lasts too long', async () => {
    const startup = new Startup(log);
    startup.before(
      'looking',
      () => Promise.reject(new Error('no topic')),
      () => true,
    );
    await expect(startup.run(500)).rejects.toThrow('no topic');
  });

  it('is ready while a later step is retried after any error, however long that takes', async () => {
    const startup = new Startup(log);
    const errors = [new Error('no broker'), new TypeError('a bug')];
    const connect = async () => {
      const error = errors.shift();
      if (error) throw error;
    };
    startup.after('connecting', connect);
    startup.before('looking', async () => expect(startup.health().ready).toBe(false));
    // A busy machine comes back late from each pause: nothing here depends on how late.
    const running = startup.run(0);
    await new Promise(setImmediate);
    expect(startup.health()).toEqual({ started: true, ready: true, detail: 'connecting: no broker' });
    expect(() => startup.requireDone()).not.toThrow();
    await running;
    expect(startup.health().detail).toBe('done');
  });

  it('ends with its last error if it is stopped while it retries', async () => {
    const startup = new Startup(log);
    startup.after('connecting', () => Promise.reject(new Error('the publisher is closed')));
    const running = startup.run(0);
    startup.beforeApplicationShutdown();
    await expect(running).rejects.toThrow('the publisher is closed');
  });

  it('fails at once with an error that is not transient', async () => {
    const startup = new Startup(log);
    startup.before(
      'looking',
      () => Promise.reject(new Error('wrong partitions')),
      () => false,
    );
    await expect(startup.run(30_000)).rejects.toThrow('wrong partitions');
    expect(startup.health().started).toBe(false);
  });
});
