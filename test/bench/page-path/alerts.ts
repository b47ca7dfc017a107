import { type Alert, Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';

const mark = /sent=(\d+\.\d+)/;
const words = 'Memory of the backend services has been above ninety per cent for ten minutes. Runbook: see the wiki. ';

/** Milliseconds since 1970, finer than `Date.now()`; comparable between processes of one machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** An alert of a usual size (560 bytes) that says in its title when it was sent, so that whoever gets it knows how long that took. */
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

/** When the alert was sent that this title, or a text that holds it, came from. Throws where there is no mark. */
export function sentAtMs(text: string): number {
  const [, sent] = mark.exec(text) ?? [];
  if (sent === undefined) throw new Error(`nothing says when this was sent: ${text.slice(0, 200)}`);
  return Number(sent);
}
