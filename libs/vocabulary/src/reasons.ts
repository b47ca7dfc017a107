/** What a person needs to know of a reason. */
export interface Reason {
  readonly cause: string;
  /** What to do, without the replay. */
  readonly cure: string;
  /** Of a dead letter: whether a replay pages once the cause is removed. */
  readonly replay?: boolean;
}

const resend = 'Fix the producer and publish the record again.';
const wrongTopic = 'Publish the alert to the topic of its org.';
const none = 'No action is needed.';

/** Why a handle became no page, why a page ended without being delivered or resolved, and why a record was parked. */
const endReasons = {
  rejected: {
    cause: 'The destination rejects the page.',
    cure: 'Read the answer of the destination in the detail, and fix its cause.',
    replay: true,
  },
  'bad-answer': {
    cause: 'The destination accepted the page several times without returning a page id.',
    cure: 'Check whether a proxy answers for the destination, and whether the page exists there.',
    replay: true,
  },
  'too-old': {
    cause: 'The page or the alert waited longer than its maximum age.',
    cure: 'Check that the destination answers and accepts the keys, that Pagebridge runs, and that its clocks are correct.',
    replay: true,
  },
  unwritable: {
    cause: 'Kafka rejects a record of the alert, or the record is too large.',
    cure: 'Raise the limit that the detail names (max.message.bytes of the topic).',
    replay: true,
  },
  'connection-disabled': {
    cause: 'The connection is disabled.',
    cure: 'Enable the connection. If it is being deleted, page the team over another connection.',
    replay: true,
  },
  'connection-unknown': {
    cause: 'The connection was deleted.',
    cure: 'Check that another connection leads to the team, then trigger the alert again. A replay uses the deleted connection.',
    replay: false,
  },
  'connection-foreign': {
    cause: 'The connection of the page command belongs to another source org.',
    cure: 'Find out which program wrote the page command: page-routing does not write such commands.',
    replay: false,
  },
  'too-many-waiting': {
    cause: 'The waiting pages of the org fill its share of memory.',
    cure: 'Find out what sends so many alerts, and why their destination does not accept pages.',
    replay: true,
  },
  'too-many-pages': {
    cause: 'The alert has too many pages that are open or waiting.',
    cure: 'Wait until the alert recovers: that ends its pages, and its next trigger pages again. Use more alert keys.',
    replay: false,
  },
  'ledger-unreadable': {
    cause: 'A newer version of page-delivery wrote the state of the alert.',
    cure: 'Upgrade page-delivery again.',
    replay: true,
  },
  'handler-failed': {
    cause: 'Pagebridge failed to process the record because of a bug.',
    cure: 'Upgrade Pagebridge.',
    replay: true,
  },
  'undecodable-batch': {
    cause: 'A record batch is corrupt or larger than KAFKA_MAX_BATCH_MIB.',
    cure: 'Open the batch with --kafka and --max-batch-mib.',
    replay: true,
  },
  'too-many-handles': {
    cause: 'The alert mentions more than 100 handles.',
    cure: 'Publish an alert with fewer handles.',
    replay: false,
  },
  'foreign-source-org': { cause: 'The alert is in the topic of another org.', cure: wrongTopic, replay: false },
  'not-its-topic': { cause: 'The org uses another topic for its alerts.', cure: wrongTopic, replay: false },
  'schema-violation': {
    cause: 'The record does not match the schema.',
    cure: `If a newer version of Pagebridge wrote the record, upgrade and replay it. If not: ${resend}`,
    replay: false,
  },
  'null-value': { cause: 'The record has no value.', cure: resend, replay: false },
  'not-json': { cause: 'The value of the record is not JSON.', cure: resend, replay: false },
  'not-a-cloudevent': { cause: 'The record is not a CloudEvent.', cure: resend, replay: false },
  'wrong-type': { cause: 'The event type of the record does not belong to its topic.', cure: resend, replay: false },
  'too-large': { cause: 'The value of the record is too large.', cure: resend, replay: false },

  'manual-origin': {
    cause: 'A person sent the alert. Only monitors and incident rules page across orgs.',
    cure: 'Page the team in its own org.',
  },
  local: {
    cause: 'The handle is a local handle of the source org.',
    cure: 'Write the handle with the slug of a connection, or remove it from the local handles.',
  },
  'unknown-handle': {
    cause: 'No enabled connection of the source org has a team with the handle.',
    cure: 'Correct the handle in the alert, or add on-call routing rules to the team in its destination.',
  },
  'registry-incomplete': {
    cause: 'page-routing could not read all handles.',
    cure: 'Fix the cause named in the detail. Meanwhile, contact the team in another way.',
  },

  'no-page-id': {
    cause: 'The destination never returned a page id.',
    cure: 'Search the destination for the tag page-id, and resolve the page there.',
  },
  recovered: { cause: 'The alert had recovered.', cure: none },
  replaced: { cause: 'A more urgent page of the same alert replaced the page.', cure: none },
  'failed-over': { cause: 'The destination did not accept the page in time, and the backup was paged.', cure: none },
  'closed-there': {
    cause: 'A responder closed the page in the destination while its alert fired.',
    cure: 'No action is needed. A changed alert pages again, and so does a repeat after PAGE_REOPEN_AFTER_MINUTES.',
  },
  'not-needed': { cause: 'The destination accepted the first page, so the backup is not needed.', cure: none },
} as const satisfies Readonly<Record<string, Reason>>;

/** Why a page or a handle came to nothing. */
export type EndReason = keyof typeof endReasons;

/** Why a record is in the dead letters. */
export type DeadLetterReason = {
  readonly [Name in EndReason]: (typeof endReasons)[Name] extends { readonly replay: boolean } ? Name : never;
}[EndReason];

/** All reasons of dead letters, in the order of the runbook. */
export const deadLetterReasons = (Object.keys(endReasons) as EndReason[]).filter(
  (name): name is DeadLetterReason => 'replay' in endReasons[name],
);

/** Returns what is known of a reason, which a newer version may have written. */
export const reasonOf = (name: string): Reason =>
  Object.hasOwn(endReasons, name)
    ? endReasons[name as EndReason]
    : {
        cause: `This version does not know the reason ${name}.`,
        cure: 'Read the detail. A newer version of Pagebridge explains it.',
      };

/** Returns what to do about a dead letter, in sentences. */
export function cureOfLetter(name: string): string {
  const { cure, replay } = reasonOf(name);
  if (replay === undefined) return cure;
  return replay ? `${cure} Then replay the dead letter.` : `${cure} A replay does not help.`;
}

/** Why a call failed that page-delivery retries. `cause` is a predicate of the destination: "does not answer". */
const retryReasons = {
  timeout: { cause: 'does not answer', cure: 'Check the destination and the network between.' },
  network: { cause: 'cannot be reached', cure: 'Check the destination and the network between.' },
  'rate-limited': { cause: 'limits the calls', cure: 'If this lasts, raise the rate limit of the destination.' },
  'not-found': { cause: 'does not know the page yet', cure: none },
  server: { cause: 'answers with errors', cure: 'Check the status of the destination.' },
  redirect: { cause: 'redirects the call', cure: 'Correct the URL of the data center in the catalogue.' },
  'bad-answer': {
    cause: 'accepts pages without returning a page id',
    cure: 'Check whether a proxy answers for the destination.',
  },
  credential: { cause: 'rejects the keys', cure: 'Replace the keys of the connection.' },
  forbidden: {
    cause: 'rejects this page or its keys',
    cure: 'Check the scopes of the application key and the paging permissions of the team in the destination.',
  },
  'answer-lost': { cause: 'was called, and the answer was lost', cure: none },
} as const satisfies Readonly<Record<string, Reason>>;

export type RetryReason = keyof typeof retryReasons;
export const retryNames = Object.keys(retryReasons) as readonly RetryReason[];

/** Returns why a page is retried; undefined for a reason that a newer version wrote. */
export const retryReasonOf = (name: string): Reason | undefined =>
  Object.hasOwn(retryReasons, name) ? retryReasons[name as RetryReason] : undefined;
