import type { Hop, JudgedEvent, JudgedHandle } from '@pagebridge/trace/words';
import { placeOf } from '@pagebridge/vocabulary';

/** Records that belong together: those of an event itself, or those of one of its handles. */
export interface Group {
  readonly event: JudgedEvent;
  readonly handle: JudgedHandle | undefined;
  readonly hops: Hop[];
}

/** Returns the firings of an alert, each from its trigger to its recovery. */
export function firingsOf(events: readonly JudgedEvent[]): JudgedEvent[][] {
  const firings: JudgedEvent[][] = [];
  let hasEnded = true;
  for (const event of events) {
    const current = firings.at(-1);
    if (current && (!hasEnded || event.isRecovery)) current.push(event);
    else firings.push([event]);
    hasEnded = event.isRecovery;
  }
  return firings;
}

const eventBefore = (groups: readonly Group[], { at }: Hop): Group | undefined =>
  groups.findLast(({ handle, event }) => !handle && Date.parse(event.at) <= Date.parse(at));

/** Returns the latest group whose page goes over the connection that a report is about. */
const groupOver = (over: readonly (readonly [string, Group])[], hop: Hop): Group | undefined =>
  hop.kind === 'report'
    ? over.findLast(
        ([id, { event }]) => id === hop.report.connectionId && Date.parse(event.at) <= Date.parse(hop.at),
      )?.[1]
    : undefined;

/** Returns the name under which a record is at home. */
function homeOf(hop: Hop): string {
  switch (hop.kind) {
    case 'alert':
      return `event ${hop.eventId} ${hop.alert.occurredAt}`;
    case 'unrouted':
      return `handle ${hop.unrouted.alertEventId} ${hop.unrouted.occurredAt} ${hop.unrouted.handle}`;
    case 'page':
      return `page ${hop.command.pageId}`;
    case 'resolve':
      return `event ${hop.command.alertEventId} ${hop.command.occurredAt}`;
    case 'outcome':
      return `page ${hop.outcome.pageId}`;
    case 'dead-letter':
      return placeOf(hop.letter.of);
    case 'report':
      return `connection ${hop.report.connectionId}`;
    case 'unreadable':
      return placeOf(hop);
  }
}

/** Returns all records, each in the group of its event or handle. What is at home nowhere belongs to the event before it. */
export function groupsOf(events: readonly JudgedEvent[], hops: readonly Hop[]): Group[] {
  const homes = new Map<string, Group>();
  const over: (readonly [connectionId: string, group: Group])[] = [];
  const groups = events.flatMap((event) => {
    const own: Group = { event, handle: undefined, hops: [] };
    const { alert, unreadable, deadLetters, eventId } = event;
    if (alert) homes.set(`event ${eventId} ${alert.alert.occurredAt}`, own);
    for (const hop of [alert, unreadable, ...deadLetters]) if (hop) homes.set(placeOf(hop), own);
    for (const { letter } of deadLetters) homes.set(placeOf(letter.of), own);
    const its = event.handles.map((handle): Group => {
      const group = { event, handle, hops: [] };
      const { unrouted } = handle;
      if (unrouted) homes.set(homeOf(unrouted), group);
      for (const { pageId, connectionId, command, lastCommand } of handle.pages) {
        homes.set(`page ${pageId}`, group);
        over.push([connectionId, group]);
        for (const hop of [command, lastCommand]) if (hop) homes.set(placeOf(hop), group);
      }
      return group;
    });
    return [own, ...its];
  });
  for (const hop of hops) {
    const home = homes.get(homeOf(hop)) ?? groupOver(over, hop) ?? eventBefore(groups, hop) ?? groups[0];
    home?.hops.push(hop);
  }
  return groups.filter(({ handle, hops: its }) => handle || its.length > 0);
}

/** Attempts in a row that failed alike. */
export interface Folded {
  readonly hops: readonly Hop[];
}

const failureOf = (hop: Hop): string | undefined =>
  hop.kind === 'outcome' && hop.outcome.outcome === 'retried'
    ? `${hop.outcome.pageId} ${hop.outcome.reason} ${hop.outcome.call?.status}`
    : undefined;

/** Returns records with failures that are alike folded into one, from three on. The first of them stands alone: it says why. */
export function folded(hops: readonly Hop[]): readonly (Hop | Folded)[] {
  const runs: Hop[][] = [];
  for (const hop of hops) {
    const last = runs.at(-1);
    const failure = failureOf(hop);
    if (last?.[0] && failure !== undefined && failureOf(last[0]) === failure) last.push(hop);
    else runs.push([hop]);
  }
  return runs.flatMap(([first, ...others]) => {
    if (!first) return [];
    return others.length < 2 ? [first, ...others] : [first, { hops: others }];
  });
}
