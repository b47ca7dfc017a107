/** Why a connection is synced, the most urgent first. */
export const syncCauses = [
  'new',
  'changed',
  'deleted',
  'orphaned',
  'requested',
  'unknown-handle',
  'interval',
  'retry',
  'confirm',
] as const;
export type SyncCause = (typeof syncCauses)[number];

export interface AgendaSettings {
  /** Between two syncs of one connection, jittered by a fifth either way. */
  readonly intervalMs: number;
  /** Between the starts of two syncs when a router's unknown handle is the cause. */
  readonly unknownHandleGapMs: number;
  /** After a first failure; doubles with each further one, up to the interval. */
  readonly retryMs: number;
  /** Before an implausible listing is looked at again; bounded by the interval. */
  readonly confirmMs: number;
}

/**
 * When one connection is synced next: at most one run at a time and at most one waiting.
 *
 * `dueAt` (ms since the epoch) is undefined while nothing waits; a wish that arrives during a run waits for its end.
 */
export interface Agenda {
  readonly running: boolean;
  readonly failures: number;
  readonly dueAt?: number;
  readonly cause?: SyncCause;
  readonly startedAt?: number;
}

export const idle: Agenda = { running: false, failures: 0 };

/** True of what somebody waits for; the rest is routine and must not hold it up. */
export const isPrompt = (cause: SyncCause): boolean => syncCauses.indexOf(cause) < syncCauses.indexOf('interval');

/** Adds a wish: it joins the one that waits, and the earlier time and the more urgent cause of the two hold. */
export function ask(agenda: Agenda, cause: SyncCause, now: number, settings: AgendaSettings): Agenda {
  const earliest = cause === 'unknown-handle' ? (agenda.startedAt ?? Number.NEGATIVE_INFINITY) : undefined;
  const at = earliest === undefined ? now : Math.max(now, earliest + settings.unknownHandleGapMs);
  return sooner(agenda, cause, at);
}

/** Adds a first sync at a random moment within the interval, so that a restart does not meet every destination at once. */
export const spread = (agenda: Agenda, now: number, settings: AgendaSettings, random: number): Agenda =>
  sooner(agenda, 'interval', now + random * settings.intervalMs);

/** Adds a wish for the time `at`. */
export function sooner(agenda: Agenda, cause: SyncCause, at: number): Agenda {
  const { dueAt = Number.POSITIVE_INFINITY, cause: waiting = cause } = agenda;
  const urgent = syncCauses.indexOf(cause) < syncCauses.indexOf(waiting) ? cause : waiting;
  return dueAt <= at && urgent === waiting ? agenda : { ...agenda, dueAt: Math.min(dueAt, at), cause: urgent };
}

export const isDue = (agenda: Agenda, now: number): boolean =>
  !agenda.running && agenda.dueAt !== undefined && agenda.dueAt <= now;

/** A run begins: what waited is what runs, and a wish from here on waits for the next. */
export const started = ({ failures }: Agenda, now: number): Agenda => ({ running: true, failures, startedAt: now });

/** How a run ended: `confirm` asks for a second look soon, `idle` for none. */
export type RunEnd = 'good' | 'failed' | 'confirm' | 'idle';

/** A run ends: the next one comes after the interval, sooner after a failure, or when a wish already waits. */
export function ended(agenda: Agenda, end: RunEnd, now: number, settings: AgendaSettings, random: number): Agenda {
  const failures = end === 'failed' ? agenda.failures + 1 : 0;
  const rest: Agenda = { ...agenda, running: false, failures };
  if (end === 'idle') return rest;
  const jitter = 0.8 + 0.4 * random;
  if (end === 'good') return sooner(rest, 'interval', now + settings.intervalMs * jitter);
  const pause = end === 'confirm' ? settings.confirmMs : settings.retryMs * 2 ** Math.min(failures - 1, 20);
  return sooner(rest, end === 'failed' ? 'retry' : end, now + Math.min(pause, settings.intervalMs) * jitter);
}
