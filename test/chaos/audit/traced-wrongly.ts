import { Alerts, ConnectionReports, PageCommands, PageOutcomes, UnroutedHandles } from '@pagebridge/contracts';
import { type Hop, type PageStory, traceOf, type Verdict } from '@pagebridge/trace';
import type { Evidence } from './evidence.ts';
import type { Entry, Finding } from './history.ts';

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

/** How a trace words what a fault of a destination does to calls; faults without a word here make none fail. */
const wordsOf: readonly (readonly [kind: RegExp, words: RegExp])[] = [
  [/answers 5\d\d/, /answers with errors/],
  [/answers 429/, /limits the calls/],
  [/answers 200 with HTML|answers with an id of 1 MB/, /accepts pages without returning a page id|answers with errors/],
  [/reply cut|connection reset/, /cannot be reached/],
  [/destination hangs/, /does not answer/],
  [/permission on_call_page/, /rejects the keys: on_call_page is missing|rejects this page or its keys/],
  [/application key revoked/, /rejects the keys$|rejects this page or its keys/],
];
// Also without a fault: destinations limit calls, and killed processes lose answers.
const always = /limits the calls|the answer was lost/;
/** A fault is made within this time after its start. */
const madeWithinMs = 3_000;

/** Finds waiting pages of which the trace, as it was after a failed call, names another cause than the fault that failed the call. */
export function causesNamedWrongly(evidence: Evidence): { readonly checked: number; readonly findings: Finding[] } {
  const { history } = evidence;
  const byKey = hopsByKey(evidence);
  const said = hopsOf(ConnectionReports.card.topic, history.reports, (report) => ({ kind: 'report', report }));
  const reports = Map.groupBy(said, ({ hop }) => (hop.kind === 'report' ? hop.report.connectionId : ''));
  let checked = 0;
  const findings = history.outcomes.flatMap(
    ({ key, timestamp, data: { outcome, pageId, connectionId, call } }): Finding[] => {
      const connections = connectionsAt(history, timestamp);
      const org = connections.get(connectionId)?.destinationOrg.name;
      const fault = history.faults.find(
        ({ victim, from, until }) =>
          victim === org && from + madeWithinMs < timestamp - (call?.durationMs ?? 0) && timestamp < until,
      );
      const words = fault && wordsOf.find(([kind]) => kind.test(fault.kind))?.[1];
      if (outcome !== 'retried' || !words) return [];
      const now = new Date(timestamp);
      const hops = [...(byKey.get(key) ?? []), ...(reports.get(connectionId) ?? []).map(({ hop }) => hop)];
      const at = key.indexOf('/');
      const alert = { sourceOrg: key.slice(0, at), alertKey: key.slice(at + 1), missing: [], keptSince: new Map() };
      const past = hops.filter((hop) => Date.parse(hop.at) <= timestamp);
      const { events } = traceOf({ ...alert, connections, hops: past }, [], now);
      return events.flatMap(({ eventId, handles }) =>
        handles.flatMap(({ verdict, pages }) => {
          // Of several pages for a handle the verdict is that of one.
          if (verdict.kind !== 'waiting' || pages.length !== 1 || pages[0]?.pageId !== pageId) return [];
          checked += 1;
          if (words.test(verdict.why) || always.test(verdict.why)) return [];
          const detail = `the trace says "${verdict.why}" during "${fault.kind}" of ${org}`;
          return [{ kind: 'tracedWrongly' as const, rule: 'T2', key, id: eventId, detail }];
        }),
      );
    },
  );
  return { checked, findings };
}

const connectionsAt = ({ connections }: Evidence['history'], time: number) =>
  new Map(connections.flatMap(({ key, timestamp, data }) => (data && timestamp <= time ? [[key, data]] : [])));

/** Returns what became of these pages by the evidence; undefined if none has a command. */
function fateOf(evidence: Evidence, stories: readonly PageStory[]): Verdict['kind'] | undefined {
  const pages = stories.flatMap(({ pageId }) => evidence.pages.get(pageId) ?? []);
  const hosts = pages.flatMap((page) => evidence.hostOf(page) ?? page);
  if (pages.length === 0) return undefined;
  if (hosts.some((host) => evidence.hasArrived(host))) return 'paged';
  const all = hosts.flatMap((host) => evidence.failoverGroupOf(host));
  return all.every(({ data }) => evidence.final(data.pageId)) ? 'not-paged' : 'waiting';
}

const hopsOf = <Data>(topic: string, entries: readonly Entry<Data>[], say: (data: Data, eventId: string) => object) =>
  entries.map(({ partition, offset, timestamp, key, eventId, data }) => {
    const place = { topic, partition, offset, at: new Date(timestamp).toISOString() };
    return { key, hop: { ...place, ...say(data, eventId) } as Hop };
  });

function hopsByKey({ history }: Evidence): Map<string, Hop[]> {
  const hops = [
    ...hopsOf(Alerts.card.topic, history.alerts, (alert, eventId) => ({ kind: 'alert', eventId, alert })),
    ...hopsOf(PageCommands.card.topic, history.commands, (command) => ({ kind: command.kind, command })),
    ...hopsOf(UnroutedHandles.card.topic, history.unrouted, (unrouted) => ({ kind: 'unrouted', unrouted })),
    ...hopsOf(PageOutcomes.card.topic, history.outcomes, (outcome) => ({ kind: 'outcome', outcome })),
  ];
  return new Map([...Map.groupBy(hops, ({ key }) => key)].map(([key, all]) => [key, all.map(({ hop }) => hop)]));
}
