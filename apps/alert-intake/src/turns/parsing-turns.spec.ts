import { expect, it } from '@jest/globals';
import { ParsingTurns } from './fair-turns.ts';

const of = (sourceOrg: string) => ({ sourceOrg, name: 'prometheus' });
const never = new AbortController().signal;
const mebibyte = 1024 * 1024;

/** Blocks the process for as long as a large body does. */
function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it('parses for at most a quarter of the time, apart from what was saved up', async () => {
  const turns = new ParsingTurns();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: 6 }, () => turns.parse(of('flood'), never, 4 * mebibyte, () => busy(20))));
  // 120 ms of work, 50 of them saved up before.
  expect(performance.now() - startedAt).toBeGreaterThan((120 - 50) * 4);
});

it('lets a small body of another org go before the large ones that wait', async () => {
  const turns = new ParsingTurns();
  const done: string[] = [];
  const large = Array.from({ length: 3 }, () =>
    turns.parse(of('flood'), never, 4 * mebibyte, () => busy(40)).then(() => done.push('large')),
  );
  const small = turns.parse(of('acme'), never, 2000, () => done.push('small'));
  await Promise.all([...large, small]);
  expect(done.indexOf('small')).toBeLessThanOrEqual(1);
});

it('forgets a body whose sender has left', async () => {
  const turns = new ParsingTurns();
  const gone = new AbortController();
  let isParsed = false;
  const left = turns.parse(of('acme'), gone.signal, 1000, () => (isParsed = true));
  gone.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await turns.parse(of('acme'), never, 1000, () => undefined);
  expect(isParsed).toBe(false);
});

it('looks at the network between two bodies that take long, and passes on what is wrong with one', async () => {
  const turns = new ParsingTurns();
  const bad = turns.parse(of('acme'), never, 1000, () => {
    busy(5);
    throw new Error('not JSON');
  });
  let isDone = false;
  const next = turns.parse(of('acme'), never, 1000, () => (isDone = true));
  await expect(bad).rejects.toThrow('not JSON');
  expect(isDone).toBe(false);
  await next;
});
