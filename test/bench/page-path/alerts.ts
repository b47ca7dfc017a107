import { type Alert, Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';

const mark = /sent=(\d+\.\d+)/;
const words = 'Memory of the backend services has been above ninety per cent for ten minutes. Runbook: see the wiki. ';

/** Returns milliseconds since 1970, finer than `Date.now()`; comparable between processes of one machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

export interface AlertParts extends Pick<Alert, 'sourceOrg' | 'alertKey'> {
  readonly team: string;
  readonly transition?: 'triggered' | 'recovered';
  /** The length of the message; by default that of a usual alert, which has 560 bytes. */
  readonly characters?: number;
  /** The beginning of the title. */
  readonly subject?: string;
}

/** Returns an alert with its send time in the title, so that a receiver can compute the latency. */
export function alertRecord(its: AlertParts, sentAtMs: number): OutgoingRecord {
  const { sourceOrg, alertKey, team, transition = 'triggered', characters, subject = 'High memory usage' } = its;
  const handle = handleOf(team);
  const time = new Date(sentAtMs).toISOString();
  const alert: Alert = {
    sourceOrg,
    alertKey,
    transition,
    origin: 'monitor',
    title: `${subject} sent=${sentAtMs.toFixed(3)}`,
    message: textOf(characters === undefined ? words.length : characters - handle.length) + handle,
    occurredAt: time,
  };
  return Alerts.encode(
    alertIdentity(sourceOrg, alertKey),
    { id: `${alertKey}/${transition}`, source: '//bench.example', time },
    alert,
  );
}

// Ends with a space, because a handle right behind a word is none.
const textOf = (length: number): string => `${words.repeat(Math.ceil(length / words.length)).slice(0, length - 1)} `;

/** Returns the send time in an alert's title, or in a text that contains the title. Throws if there is none. */
export function sentAtMs(text: string): number {
  const [, sent] = mark.exec(text) ?? [];
  if (sent === undefined) throw new Error(`this text has no send time: ${text.slice(0, 200)}`);
  return Number(sent);
}
