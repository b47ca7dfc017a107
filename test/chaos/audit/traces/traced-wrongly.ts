import { Alerts, PageCommands, PageOutcomes, UnroutedHandles } from '@pagebridge/contracts';
import { type Hop, type PageStory, traceOf, type Verdict } from '@pagebridge/trace';
import type { Evidence } from '../evidence.ts';
import type { Finding } from '../finding.ts';
import type { Entry } from '../history.ts';

/** Finds handles of which the trace of their alert says something else than this audit: whether they paged, still wait, or paged nobody. */
export function tracedWrongly(evidence: Evidence): Finding[] {
  const connections = new Map(evidence.history.connections.flatMap(({ key, data }) => (data ? [[key, data]] : [])));
  const states = new Map(evidence.history.states.map(({ key, data }) => [key, data]));
  return [...hopsByKey(evidence)].flatMap(([key, hops]) => {
    const at = key.indexOf('/');
    const alert = { sourceOrg: key.slice(0, at), alertKey: key.slice(at + 1) };
    const known = { connections, ledger: states.get(key), missing: [], keptSince: new Map() };
    const { events } = traceOf({ ...alert, ...known, hops }, [], new Date());
    return events.flatMap(({ eventId, handles }) =>
      handles.flatMap(({ handle, verdict, pages }) => {
        const fate = fateOf(evidence, pages);
        if (fate === undefined || verdict.kind === fate) return [];
        const detail = `the trace says ${verdict.kind} of ${handle}, which is ${fate}`;
        return [{ kind: 'tracedWrongly' as const, rule: 'T1', key, id: eventId, detail }];
      }),
    );
  });
}

/** Returns what became of these pages by the evidence; undefined if none has a command. */
function fateOf(evidence: Evidence, stories: readonly PageStory[]): Verdict['kind'] | undefined {
  const pages = stories.flatMap(({ pageId }) => evidence.pages.get(pageId) ?? []);
  const hosts = pages.flatMap((page) => evidence.hostOf(page) ?? page);
  if (pages.length === 0) return undefined;
  if (hosts.some((host) => evidence.hasArrived(host))) return 'paged';
  const all = hosts.flatMap((host) => evidence.failoverGroupOf(host));
  return all.every(({ data }) => evidence.final(data.pageId)) ? 'not-paged' : 'waiting';
}

function hopsByKey({ history }: Evidence): Map<string, Hop[]> {
  const place = (topic: string, { partition, offset, timestamp }: Entry<unknown>) => ({
    ...{ topic, partition, offset },
    at: new Date(timestamp).toISOString(),
  });
  const hops = [
    ...history.alerts.map((entry) => {
      const { key, eventId, data } = entry;
      return { key, hop: { ...place(Alerts.card.topic, entry), kind: 'alert' as const, eventId, alert: data } };
    }),
    ...history.commands.map((entry) => {
      const at = place(PageCommands.card.topic, entry);
      const { key, data } = entry;
      if (data.kind === 'page') return { key, hop: { ...at, kind: data.kind, command: data } };
      return { key, hop: { ...at, kind: data.kind, command: data } };
    }),
    ...history.unrouted.map((entry) => {
      const { key, data } = entry;
      return { key, hop: { ...place(UnroutedHandles.card.topic, entry), kind: 'unrouted' as const, unrouted: data } };
    }),
    ...history.outcomes.map((entry) => {
      const { key, data } = entry;
      return { key, hop: { ...place(PageOutcomes.card.topic, entry), kind: 'outcome' as const, outcome: data } };
    }),
  ];
  return new Map(
    [...Map.groupBy(hops, ({ key }) => key)].map(([key, those]) => [key, those.map(({ hop }): Hop => hop)]),
  );
}
