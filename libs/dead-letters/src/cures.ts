/** What removes the cause of a dead letter, by its reason; the whole of it is in docs/runbooks/replay-dead-letters.md. */
const cures: Readonly<Record<string, string>> = {
  rejected: 'The destination refuses the page: the detail has its answer. Put that right, then send it again.',
  'bad-answer': 'The destination gave an answer that nobody understands: the detail has it. Then send it again.',
  'too-old': 'It waited too long: see that its destination answers and takes the keys, then send it again.',
  unwritable: 'A record of it is too large for Kafka: raise the bound or shorten the alert, then send it again.',
  'connection-disabled': 'Enable the connection, then send it again.',
  'connection-unknown': 'The connection was deleted: let the alert trigger again.',
  'too-many-waiting': 'Too many pages waited: see that their destinations answer, then send it again.',
  'too-many-pages': 'The alert has too many pages that have not ended; they end when it recovers.',
  'ledger-unreadable': 'A newer version wrote the ledger of the alert: upgrade page-delivery, then send it again.',
  'handler-failed': 'A bug: upgrade, then send it again.',
  'undecodable-batch': 'The command line opens it, up to a size that you give: see --max-batch-mib.',
  'schema-violation': 'Put right what writes the alerts. If a newer version of Pagebridge wrote it, upgrade first.',
  'foreign-source-org': 'Its topic is not that of its org: it would come back.',
  'not-its-topic': 'Its topic is not that of its org: it would come back.',
  'too-many-handles': 'Its text names more than 100 handles: it would come back.',
};
const ofProducer = 'Put right what writes the alerts: these bytes cannot be sent again.';

/** Returns what removes the cause of dead letters with this reason. */
export const cureOf = (reason: string): string => (Object.hasOwn(cures, reason) ? (cures[reason] ?? '') : ofProducer);
