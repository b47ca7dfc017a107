import type { Alert, Event, UnroutedHandle } from '@pagebridge/contracts';
import { type HandleRegistry, plainName, type Routed } from '@pagebridge/handle-registry';
import { mentionsOf } from '@pagebridge/vocabulary';
import type { Decision, GapOf, ResolveDecision, Unknown, Unrouted, UnroutedDecision, Verdict } from './decision.ts';
import { type Fallback, fallbackOf, noteFor, whyNotFallback } from './fallback.ts';
import { Pages } from './pages.ts';
import { alternativeTo } from './words/claims.ts';
import { cut, displayHandle } from './words/page-text.ts';
import { manualOrigin, type Refusal, refusalOf } from './words/refusal.ts';

/** The maximum number of distinct handles in an alert. An alert with more is taken for a mistake. */
const maxHandles = 100;

/** The queries of routing to the registry. */
export type Registry = Pick<
  HandleRegistry,
  'resolve' | 'isRouted' | 'connectionsOf' | 'directoriesOf' | 'fallbackHandleOf' | 'teamOver'
>;

// The limit of the contract of unrouted handles.
const maxDetailLength = 1024;
// An alert may name a hundred unknown handles. To search the nearest handles of all would delay the alerts of every org.
const maxHints = 10;

/**
 * Decides how an alert event is routed. The result depends only on the arguments.
 *
 * Every distinct handle has exactly one decision. Handles are distinct by the name that was matched, so `@oncall-a` and
 * `@oncall-a.` at the end of a sentence are the same. Two handles of one team over one connection share a page, which has the
 * first handle. For an unknown handle, the team of the org's fallback handle is paged; if another mention of the alert names
 * this team, the page has that handle. A recovery is one `resolve` for the whole alert, whatever its text, if the org has a
 * connection, enabled or not, or if a part of the registry that may have one was not read. A manual alert pages and resolves nothing.
 * `alertRecord` is the position that the commands name.
 */
export function decide(
  event: Event<Alert>,
  registry: Registry,
  now: Date,
  gapOf: GapOf = () => undefined,
  alertRecord?: string,
): Verdict {
  const alert = event.data;
  const mayHavePages = () => registry.connectionsOf(alert.sourceOrg).length > 0 || gapOf(alert.sourceOrg) !== undefined;
  if (isRecovery(alert) && mayHavePages()) {
    return { ok: true, decisions: [resolveDecision(event, alertRecord)] };
  }
  const mentions = mentionsOf(alert);
  const count = mentions.length > maxHandles ? new Set(mentions.map(plainName)).size : mentions.length;
  if (count > maxHandles) {
    const detail = `The alert names ${count} handles; at most ${maxHandles} are routed. Split it, or page fewer teams.`;
    return { ok: false, reason: 'too-many-handles', detail };
  }
  const isManual = alert.origin === 'manual';
  return {
    ok: true,
    decisions: isManual ? refuseAll(event, mentions) : decideEach(event, mentions, registry, now, gapOf, alertRecord),
  };
}

export const isRecovery = ({ transition, origin }: Alert): boolean => transition === 'recovered' && origin !== 'manual';

export function resolveDecision({ id, data }: Event<Alert>, alertRecord?: string): ResolveDecision {
  const { sourceOrg, alertKey, occurredAt } = data;
  const command = { kind: 'resolve', sourceOrg, alertKey, alertEventId: id, occurredAt } as const;
  return { kind: 'resolve', command: alertRecord ? { ...command, alertRecord } : command };
}

function refuseAll(event: Event<Alert>, mentions: readonly string[]): Decision[] {
  const first = new Map<string, string>();
  for (const mention of mentions) if (!first.has(plainName(mention))) first.set(plainName(mention), mention);
  return [...first].map(([name, mention]) => {
    const handle = displayHandle(name);
    return { kind: 'unrouted', mention, record: recordOf(event, handle, manualOrigin(handle)) };
  });
}

/** A mention with its resolution. */
interface Meaning {
  readonly mention: string;
  readonly resolution: Routed | Unrouted;
}

function decideEach(
  event: Event<Alert>,
  mentions: readonly string[],
  registry: Registry,
  now: Date,
  gapOf: GapOf,
  alertRecord: string | undefined,
): Decision[] {
  const { sourceOrg } = event.data;
  const meanings = meaningsOf(mentions, (mention, withNearest) => {
    const resolution = registry.resolve(sourceOrg, mention, now, withNearest);
    return resolution.kind === 'unknown' ? { ...resolution, gap: gapOf(sourceOrg) } : resolution;
  });
  const unknown = unknownIn(meanings);
  const fallback = unknown.length > 0 ? fallbackOf(registry, sourceOrg, now) : undefined;
  const fallbackTeam = fallback?.resolution.kind === 'routed' ? fallback.resolution : undefined;
  const note = fallbackTeam && { team: fallbackTeam, note: noteFor(sourceOrg, unknown, fallbackTeam) };
  const pages = new Pages(event, registry, now, note, alertRecord);
  const decisionOn = ({ mention, resolution }: Meaning): Decision => {
    if (resolution.kind === 'routed') return pages.decide(mention, resolution);
    if (resolution.kind === 'unknown' && fallbackTeam) return pages.decide(mention, fallbackTeam, resolution);
    return refuse(event, mention, resolution, registry, fallback);
  };
  // Known handles are decided first, so that a team that the alert names is not paged as a fallback.
  const known = meanings.map((meaning) => (meaning.resolution.kind === 'unknown' ? undefined : decisionOn(meaning)));
  return meanings.map((meaning, i) => known[i] ?? decisionOn(meaning));
}

type Resolve = (mention: string, withNearest: boolean) => Meaning['resolution'];

function meaningsOf(mentions: readonly string[], resolve: Resolve): Meaning[] {
  const meanings: Meaning[] = [];
  const names = new Set<string>();
  let hints = maxHints;
  for (const mention of mentions) {
    const resolution = resolve(mention, hints > 0);
    if (names.has(resolution.name)) continue;
    names.add(resolution.name);
    meanings.push({ mention, resolution });
    if (resolution.kind === 'unknown') hints -= 1;
  }
  return meanings;
}

function unknownIn(meanings: readonly Meaning[]): Unknown[] {
  const unknown: Unknown[] = [];
  for (const { resolution } of meanings) if (resolution.kind === 'unknown') unknown.push(resolution);
  return unknown;
}

function refuse(
  event: Event<Alert>,
  mention: string,
  resolution: Unrouted,
  registry: Registry,
  fallback: Fallback | undefined,
): UnroutedDecision {
  const handle = displayHandle(resolution.name);
  const connections = registry.connectionsOf(event.data.sourceOrg);
  const { reason, detail } = refusalOf(event.data, handle, resolution, connections);
  // With a gap, the fallback may be as unknown as the handle.
  const isUnknown = resolution.kind === 'unknown' && resolution.gap === undefined;
  const further = isUnknown && fallback ? ` ${whyNotFallback(fallback)}` : '';
  const record = recordOf(event, handle, { reason, detail: detail + further });
  return { kind: 'unrouted', mention, resolution, record: { ...record, ...pointersOf(resolution) } };
}

function pointersOf(resolution: Unrouted): Pick<UnroutedHandle, 'connectionId' | 'nearest' | 'alternative'> {
  if (resolution.kind === 'unknown') return resolution.nearest ? { nearest: resolution.nearest } : {};
  if (resolution.kind !== 'connection-disabled') return {};
  const { connectionId } = resolution.connection;
  const next = alternativeTo(resolution);
  if (!next) return { connectionId };
  const { qualifiedHandle: handle, teamHandle, connection } = next;
  return { connectionId, alternative: { handle, teamHandle, connectionId: connection.connectionId } };
}

const recordOf = ({ id, data }: Event<Alert>, handle: string, { reason, detail }: Refusal): UnroutedHandle => ({
  sourceOrg: data.sourceOrg,
  alertKey: data.alertKey,
  alertEventId: id,
  title: data.title,
  occurredAt: data.occurredAt,
  handle,
  reason,
  detail: cut(detail, maxDetailLength, '…'),
});
