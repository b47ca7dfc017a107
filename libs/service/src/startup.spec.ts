import { describe, expect, it } from '@jest/globals';
import { Startup } from './startup.ts';

const warned: string[] = [];
const ignore = () => undefined;
const log = { debug: ignore, info: ignore, error: ignore, warn: (_: object, line: string) => void warned.push(line) };

describe('a start', () => {
  it('waits for what may come, says once what it misses, and counts as started only then', async () => {
    const startup = new Startup(log);
    const states: string[] = [];
    let looks = 0;
    const look = async () => {
      looks += 1;
      if (looks < 3) throw new Error('no topic');
    };
    startup.before('looking', look, () => true);
    startup.before('reading', async () => void states.push(startup.health().detail));
    const running = startup.run(30_000);
    await Promise.resolve();
    expect(startup.health()).toEqual({ started: false, ready: false, detail: 'looking: no topic' });
    await running;
    expect(warned).toEqual(['waiting: no topic']);
    expect(states).toEqual(['reading']);
    expect(startup.health()).toEqual({ started: true, ready: true, detail: 'done' });
  });

  it('ends with the reason when what may come has not come in time', async () => {
    const startup = new Startup(log);
    startup.before(
      'looking',
      () => Promise.reject(new Error('no topic')),
      () => true,
    );
    await expect(startup.run(500)).rejects.toThrow('no topic');
  });

  it('ends at once with what will not come', async () => {
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
