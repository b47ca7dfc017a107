import { randomUUID } from 'node:crypto';
import { actorOf, type Identity } from '@pagebridge/access';
import { type Alert, Alerts, Audit, type Event, type IntakeEpisode, type OutgoingRecord } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import { digestOf, hashOf } from '../alerts/alert-of.ts';
import { lineOf, withoutMentions } from '../alerts/text.ts';
import { own, sourceOf } from '../sending/event-of.ts';

/** A test page is resolved by then, if nobody did it before. */
export const lastsMs = 10 * 60_000;

/** The tag of a test page, by which its responders know it. */
const mark = 'pagebridge-test';
// Keys of integrations have a colon there, so none of them is taken for a test.
const prefix = `${mark}/`;

export const keyOfTest = (id: string): string => prefix + id;

/** Who pages whom. */
export interface TestPage {
  readonly sourceOrg: string;
  readonly id: string;
  /** With `@oncall-`. */
  readonly handle: string;
  readonly by: Pick<Identity, 'issuer' | 'subject'>;
}

/** Returns the event that pages a team for a test. */
export function testEvent({ sourceOrg, id, handle, by }: TestPage, at: Date): Event<Alert> {
  const sender = withoutMentions(lineOf(`${by.subject} (${by.issuer})`, 600));
  const message =
    `${handle} This is a test page from ${sourceOrg}: there is no incident. It was sent by ${sender} ` +
    `and is resolved automatically within ${lastsMs / 60_000} minutes.`;
  return eventOf({ sourceOrg, alertKey: keyOfTest(id), transition: 'triggered', message }, at);
}

/** Returns the event that ends a test page. */
export const endOf = ({ sourceOrg, alertKey }: IntakeEpisode, at: Date): Event<Alert> =>
  eventOf({ sourceOrg, alertKey, transition: 'recovered', message: 'The test has ended.' }, at);

// Its id follows from what it says, so several instances that end a test make the same event.
function eventOf(its: Pick<Alert, 'sourceOrg' | 'alertKey' | 'transition' | 'message'>, at: Date): Event<Alert> {
  const time = at.toISOString();
  const id = hashOf(JSON.stringify([its.alertKey, its.transition, time])).slice(0, 32);
  return {
    id,
    source: sourceOf(mark),
    time,
    type: Alerts.card.eventType,
    data: { ...its, origin: 'monitor', title: 'Test page from Pagebridge', tags: [mark], occurredAt: time },
  };
}

/** Returns what is remembered of a test page until it has ended. */
export function episodeOf({ data }: Event<Alert>): IntakeEpisode {
  const { sourceOrg, alertKey, occurredAt } = data;
  const its = { sourceOrg, alertKey, open: true, occurredAt, publishedAt: occurredAt, repeats: 0 };
  return { ...its, test: true, digest: digestOf(data) };
}

export const identityOf = ({ sourceOrg, alertKey }: IntakeEpisode): string => alertIdentity(sourceOrg, alertKey);

/** Returns the audit record of a test page: who woke whom. */
export function auditOf({ sourceOrg, id, handle, by }: TestPage, at: Date, requestId: string): OutgoingRecord {
  const time = at.toISOString();
  const attributes = { id: randomUUID(), source: own, time };
  return Audit.encode(sourceOrg, attributes, {
    kind: 'entry',
    sourceOrg,
    service: 'alert-intake',
    requestId,
    actor: actorOf(by),
    action: 'test-page.sent',
    target: keyOfTest(id),
    after: { handle },
    at: time,
  });
}
