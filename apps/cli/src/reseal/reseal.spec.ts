import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import type { Answer, Seals } from './put-seals.ts';
import { Reseal, StoppedError } from './reseal.ts';

const connection = (connectionId: string, sealed: string, former?: string): Connection => {
  const credential = { sealed, revision: 2, ...(former ? { former: { sealed: former, revision: 1 } } : {}) };
  return { connectionId, sourceOrg: 'acme-us', name: connectionId, version: 1, credential } as Connection;
};

let connections: Map<string, Connection>;
let answers: Answer[];
let put: [string, number, Seals][];
let said: string[];
let tombstones: boolean;

/** A seal is `<kid>.<keys>` here. A seal that is put back with `done` appears in the table at once. */
const reseal = () =>
  new Reseal(
    { connections, until: async () => undefined },
    async (its, seals) => {
      put.push([its.connectionId, its.version, seals]);
      const answer = answers.shift() ?? { kind: 'done' };
      const { former } = its.credential;
      const anew = connection(its.connectionId, seals.sealed ?? its.credential.sealed, seals.former ?? former?.sealed);
      if (answer.kind === 'done') connections.set(its.connectionId, { ...anew, version: its.version + 1 });
      if (answer.kind === 'changed') connections.set(its.connectionId, { ...its, version: its.version + 1 });
      if (answer.kind === 'gone' && tombstones) connections.delete(its.connectionId);
      return answer;
    },
    {
      kid: 'new',
      kidOf: (sealed) => sealed.split('.')[0] ?? '',
      reseal: async (sealed) => {
        if (sealed.startsWith('lost')) throw new Error('sealed for key "lost"');
        return `new.${sealed.split('.')[1]}`;
      },
    },
    { rate: 200, tries: 3, newsMs: 0 },
    (line) => said.push(line),
  );
const run = (its = reseal()) => its.run(new AbortController().signal);
const left = () =>
  reseal()
    .left()
    .map(({ connectionId }) => connectionId);

beforeEach(() => {
  connections = new Map(
    [connection('a', 'old.1'), connection('b', 'new.2'), connection('c', 'new.3', 'old.0')].map((its) => [
      its.connectionId,
      its,
    ]),
  );
  [answers, put, said] = [[], [], []];
  tombstones = true;
});

describe('a run', () => {
  it('reseals what is sealed for another key, former pairs too, and nothing else', async () => {
    expect(left()).toEqual(['a', 'c']);
    await run();
    expect(put).toEqual([
      ['a', 1, { sealed: 'new.1' }],
      ['c', 1, { former: 'new.0' }],
    ]);
    expect(left()).toEqual([]);
    expect(reseal().counts()).toEqual(new Map([['new', 4]]));
  });

  it('opens a connection again that changed meanwhile', async () => {
    answers = [{ kind: 'changed' }];
    await run();
    expect(put.slice(0, 2).map(([id, version]) => [id, version])).toEqual([
      ['a', 1],
      ['a', 2],
    ]);
    expect(left()).toEqual([]);
  });

  it('retries while nobody answers, and stops after too many tries', async () => {
    const later = { kind: 'later', detail: 'nobody answers', afterMs: 1 } as const;
    answers = [later, later];
    await run();
    expect(left()).toEqual([]);
    connections.set('a', connection('a', 'old.1'));
    answers = [later, later, later];
    await expect(run()).rejects.toThrow(new StoppedError('nobody answers'));
    expect(left()).toEqual(['a']);
  });

  it('stops at once if the next request would be denied too', async () => {
    answers = [{ kind: 'denied', detail: 'answers 403' }];
    await expect(run()).rejects.toThrow('answers 403');
    expect(put).toHaveLength(1);
  });

  it('skips what cannot be opened or is refused, prints why, and reseals all others', async () => {
    connections.set('b', connection('b', 'lost.2'));
    answers = [{ kind: 'refused', detail: 'answers 422' }];
    await run();
    expect(left()).toEqual(['a', 'b']);
    expect(said.join()).toContain('a not resealed: answers 422');
    expect(said.join()).toContain('sealed for key "lost"');
  });

  it('ignores a connection that is gone', async () => {
    answers = [{ kind: 'gone', detail: 'answers 404' }];
    await run();
    expect(put.map(([id]) => id)).toEqual(['a', 'c']);
    expect(said.join()).not.toContain('not resealed');
  });

  it('reports a connection that is not found but still in Kafka, such as one whose org the token may not see', async () => {
    tombstones = false;
    answers = [{ kind: 'gone', detail: 'answers 404' }];
    await run();
    expect(left()).toEqual(['a']);
    expect(said.join()).toContain('a not resealed: answers 404');
  });
});
