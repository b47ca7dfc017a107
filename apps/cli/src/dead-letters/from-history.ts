import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder, isoOf, isSelected, type Label, type Selection } from '@pagebridge/dead-letters';
import { say, UsageError } from '@pagebridge/process';
import { placeOf } from '@pagebridge/vocabulary';
import type { Run } from '../http/act.ts';
import { RefusedError } from '../http/problem.ts';
import type { Way } from './replay.ts';

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}
/** What page-history says of a letter; it is of the same version as this program. */
interface Verdict extends Place {
  readonly verdict: string;
  readonly becomes?: string;
  readonly why: string;
}
interface Listed extends Place {
  readonly of: Place;
  readonly at: string;
  readonly alertKey: string | null;
  readonly reason: string;
}

const service = 'page-history';
const mostListed = 10_000;
const mostAtOnce = 200;
const mostWaits = 12;
const longestWaitMs = 30_000;

const pathOf = ({ org }: Run): string => `/v1/source-orgs/${org}/dead-letters`;

/** Returns the chosen letters of the org, the latest first. Rejects with UsageError if the list is too long to choose from. */
export async function lettersOf(run: Run, topic: string | undefined, selection: Selection): Promise<readonly Label[]> {
  const { reason, since, until, partition, offset } = selection;
  const query = {
    ...{ topic, partition, offset, reason: reason?.length === 1 ? reason[0] : undefined },
    ...{ from: since && isoOf(since), to: until && isoOf(until) },
  };
  const { items, hasMore } = await run.services.list(service, pathOf(run), query, mostListed);
  if (hasMore)
    throw new UsageError(
      `more than ${mostListed} dead letters selected\nhint: narrow with --topic, --since, --until or one --reason, or add --kafka`,
    );
  const letters = (items as unknown as readonly Listed[]).map((listed) => labelOf(run.org, listed));
  return letters.filter((letter) => isSelected(letter, selection));
}

function labelOf(org: string, { topic, partition, offset, of, at, alertKey, reason }: Listed): Label {
  const place = { topic, partition, offset };
  const key = alertKey === null ? '' : `${org}/${alertKey}`;
  return { name: placeOf(place), place, topic: of.topic, key, reason, failedAt: Date.parse(at), origin: of };
}

/** Returns how letters are sent again by page-history, whose audit names who is logged in. */
export function throughHistory(run: Run, topic: string | undefined, selection: Selection): Way {
  let toSend: readonly Label[] = [];
  return {
    where: run.placeOf(service),
    async preview() {
      const letters = await lettersOf(run, topic, selection);
      const verdicts = new Map<string, Verdict>();
      for await (const its of asked(run, 'preview', letters)) for (const [name, one] of its) verdicts.set(name, one);
      toSend = letters.filter(({ name }) => verdicts.get(name)?.verdict === 'replay');
      return letters.toSorted(inOrder).map(({ name, key, reason, failedAt }) => {
        const { verdict = 'lost', becomes, why = '' } = verdicts.get(name) ?? {};
        return { name, key, reason, failedAt: isoOf(failedAt), verdict, ...(becomes ? { becomes } : {}), why };
      });
    },
    async send(onSent) {
      const all: (readonly [string, Verdict])[] = [];
      const those = (verdict: string) => all.filter(([, its]) => its.verdict === verdict);
      for await (const its of asked(run, 'replay', toSend)) {
        all.push(...its);
        onSent(those('sent').length);
      }
      const skipped = all.filter(([, { verdict }]) => !['sent', 'refused', 'lost'].includes(verdict));
      for (const [name, { why }] of skipped) say(`${name} was not sent: ${why}`);
      const refused = those('refused').map(([name, { why }]) => ({ name, detail: why }));
      return { refused, lost: those('lost').map(([name]) => name) };
    },
  };
}

/** Asks for as many letters at once as page-history takes, those of an alert together: of them only the newest is sent. */
async function* asked(run: Run, verb: 'preview' | 'replay', letters: readonly Label[]) {
  for (const part of partsOf(letters)) {
    const body = { letters: part.map(({ place }) => place) };
    const answer = await patiently(() => run.services.call('POST', service, `${pathOf(run)}/${verb}`, { body }));
    yield (answer.body.letters as readonly Verdict[]).map((its) => [placeOf(its), its] as const);
  }
}

/** Throws UsageError if an alert has more letters than page-history takes at once. */
function partsOf(letters: readonly Label[]): readonly (readonly Label[])[] {
  const parts: Label[][] = [[]];
  // A letter without a key is of no alert.
  for (const [key, those] of Map.groupBy(letters, ({ key, name }) => key || name)) {
    if (those.length > mostAtOnce)
      throw new UsageError(
        `${key} has more than ${mostAtOnce} dead letters\nhint: narrow with --since, or add --kafka`,
      );
    if ((parts.at(-1)?.length ?? 0) + those.length > mostAtOnce) parts.push([]);
    parts.at(-1)?.push(...those);
  }
  return parts.filter((part) => part.length > 0);
}

/** Asks again, a bounded number of times, while page-history is busy with the letters of somebody else. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let wait = 1; ; wait += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RefusedError && error.problem.code === 'replay-busy') || wait > mostWaits) throw error;
      const { retryAfterMs = longestWaitMs } = error.problem;
      if (wait === 1) say('Another preview or replay is running in page-history. Waiting…');
      await sleep(Math.min(retryAfterMs, longestWaitMs));
    }
  }
}
