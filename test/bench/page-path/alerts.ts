import { type Alert, Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';

const mark = /sent=(\d+\.\d+)/;
const words = 'Memory of the backend services has been above ninety per cent for ten minutes. Runbook: see the wiki. ';

/** Returns milliseconds since 1970, finer than `Date.now()`; comparable between processes of one machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Returns an alert of a usual size (560 bytes) with its send time in the title, so that a receiver can compute the latency. */
export function alertRecord(
  its: Pick<Alert, 'sourceOrg' | 'alertKey'> & { readonly team: string },
  sentAtMs: number,
): OutgoingRecord {
  const { sourceOrg, alertKey, team } = its;
  const time = new Date(sentAtMs).toISOString();
  const alert: Alert = {
    sourceOrg,
    alertKey,
    transition: 'triggered',
    origin: 'monitor',
    title: `High memory usage sent=${sentAtMs.toFixed(3)}`,
    message: `${words}${handleOf(team)}`,
    occurredAt: time,
  };
  return Alerts.encode(
    alertIdentity(sourceOrg, alertKey),
    { id: `${alertKey}/1`, source: '//bench.example', time },
    alert,
  );
}

/** Returns the send time in an alert's title, or in a text that contains the title. Throws if there is none. */
export function sentAtMs(text: string): number {
  const [, sent] = mark.exec(text) ?? [];
  if (sent === undefined) throw new Error(`this text has no send time: ${text.slice(0, 200)}`);
  return Number(sent);
}
