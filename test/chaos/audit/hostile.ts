import { type Alert, Alerts, PageCommands } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import { Answers, Evidence, endsPages, handlesOf } from './evidence.ts';
import type { DeadLetter, Finding, History } from './history.ts';

/** Returns the hostile records without a page, an unrouted handle or a dead letter, and the hostile requests with a wrong answer. */
export const unaccounted = (history: History): Finding[] => [...unexplained(history), ...answeredWrongly(history)];

/** A refused request is accounted for by its answer, which names a fault of its sender or asks it to come again. */
function answeredWrongly({ requests, hostile }: History): Finding[] {
  const names = hostile.flatMap(({ alert }) => /hostile-request-\d+-/.exec(alert?.data.alertKey ?? '') ?? []);
  const published = new Map([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
  return requests.flatMap(({ run, looks, status, published: said }): Finding[] => {
    const found = published.get(`${run}-`) ?? 0;
    const isRefusal = (status >= 400 && status < 500) || status === 503;
    const its = { kind: 'hostileUnaccounted' as const, key: run, id: run };
    if (!isRefusal && status !== 200 && status !== 202)
      return [{ ...its, rule: 'H4', detail: `answered with ${status} (${looks})` }];
    const detail = `${said} are published by its answer, ${found} in the topic (${looks})`;
    return found < said ? [{ ...its, rule: 'H5', detail }] : [];
  });
}

function unexplained(history: History): Finding[] {
  if (history.hostile.length === 0) return [];
  const parked = new SetAside(history.deadLetters);
  const explanations = new Explanations(history, parked);
  return history.hostile.flatMap((record): Finding[] => {
    const { key, partition, offset, looks, alert } = record;
    if (parked.has(Alerts.card.topic, partition, offset)) return [];
    const wrong = alert
      ? explanations.complaintOf(alert)
      : { rule: 'H1', detail: 'unreadable, and not among the dead letters' };
    if (!wrong) return [];
    const id = `${Alerts.card.topic}/${partition}/${offset}`;
    const detail = `${wrong.detail} (${looks})`;
    return [{ kind: 'hostileUnaccounted', rule: wrong.rule, key, id, detail }];
  });
}

/** Returns the history without the records that result from hostile producers. */
export function healthyPart(history: History): History {
  if (history.hostile.length === 0) return history;
  const keys = new Set(
    history.hostile.flatMap(({ alert }) => (alert ? [alertIdentity(alert.data.sourceOrg, alert.data.alertKey)] : [])),
  );
  const isHealthy = ({ key }: { readonly key: string }) => !keys.has(key);
  const { commands, states } = history;
  const pageIds = new Set([
    ...commands.flatMap((entry) => (!isHealthy(entry) && entry.data.kind === 'page' ? [entry.data.pageId] : [])),
    ...states.flatMap((entry) => (isHealthy(entry) ? [] : entry.data.pages.map(({ pageId }) => pageId))),
  ]);
  return {
    ...history,
    commands: commands.filter(isHealthy),
    unrouted: history.unrouted.filter(isHealthy),
    outcomes: history.outcomes.filter(isHealthy),
    states: states.filter(isHealthy),
    pages: history.pages.filter(({ pageId }) => !pageIds.has(pageId)),
    hostile: [],
  };
}

/** The places of parked records, alone or in a parked batch. */
class SetAside {
  readonly #ranges: ReadonlyMap<string, readonly (readonly [first: number, last: number])[]>;

  constructor(letters: readonly DeadLetter[]) {
    const placed = letters.flatMap(({ topic, original }) => (original ? [{ topic, ...original }] : []));
    const byPlace = Map.groupBy(placed, ({ topic, partition }) => `${topic}/${partition}`);
    this.#ranges = new Map([...byPlace].map(([place, all]) => [place, all.map(({ first, last }) => [first, last])]));
  }

  has(topic: string, partition: number, offset: number): boolean {
    const ranges = this.#ranges.get(`${topic}/${partition}`) ?? [];
    return ranges.some(([first, last]) => first <= offset && offset <= last);
  }
}

/** The results of hostile alerts. */
class Explanations {
  readonly #answers: Answers;
  readonly #evidence: Evidence;
  readonly #parkedPages: ReadonlySet<string>;
  readonly #connected: ReadonlySet<string>;

  constructor(history: History, parked: SetAside) {
    this.#answers = new Answers(history);
    this.#evidence = new Evidence(history);
    const isParked = (partition: number, offset: number) => parked.has(PageCommands.card.topic, partition, offset);
    this.#parkedPages = new Set(
      history.commands.flatMap(({ partition, offset, data }) =>
        data.kind === 'page' && isParked(partition, offset) ? [data.pageId] : [],
      ),
    );
    this.#connected = new Set(history.connections.flatMap(({ data }) => (data ? [data.sourceOrg] : [])));
  }

  complaintOf({ eventId, data }: { readonly eventId: string; readonly data: Alert }) {
    const isResolve = endsPages(data) && this.#connected.has(data.sourceOrg);
    // The record of an unknown handle names it without the punctuation that the sentence around it may have ended with.
    const isAnswered = (it: string) =>
      [it, it.replace(/[.:/_-]+$/, '')].some((name) => this.#answers.isAnswered(eventId, name));
    const unanswered = (isResolve ? ['resolve'] : handlesOf(data)).filter((it) => !isAnswered(it));
    if (unanswered.length > 0) return { rule: 'H2', detail: `no answer to ${unanswered.slice(0, 3).join(', ')}` };
    const pages = handlesOf(data).flatMap((handle) => this.#answers.pages(eventId, handle));
    const open = pages.find(({ pageId }) => !this.#hasEnded(pageId));
    return open && { rule: 'H3', detail: `page ${open.pageId} has neither an outcome nor a dead letter` };
  }

  #hasEnded(pageId: string): boolean {
    const final = this.#evidence.final(pageId);
    if (final?.outcome === 'undeliverable' && this.#evidence.deadPages.has(pageId)) return true;
    return this.#parkedPages.has(pageId) || (final !== undefined && final.outcome !== 'undeliverable');
  }
}
