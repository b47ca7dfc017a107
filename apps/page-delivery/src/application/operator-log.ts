import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { pageOf, waitingSince, workOf } from '@pagebridge/page-ledger';
import { cureOfLetter } from '@pagebridge/vocabulary';
import type { Notice } from '../domain/step.ts';
import type { Log } from './ports.ts';
import type { Job, NamedCall } from './scheduling/job.ts';

export interface LineLimit {
  admits(kind: string): boolean;
}

/**
 * Logs each page that is given up, fails over, or may stay open, with its alert, the cause and the cure. The number of
 * lines is limited; the outcome of each page has the same content.
 */
export class OperatorLog {
  constructor(
    private readonly log: Pick<Log, 'warn'>,
    private readonly limit: LineLimit,
  ) {}

  undeliverable(its: Undeliverable): void {
    if (!this.limit.admits('undeliverable')) return;
    const { sourceOrg, alertKey, pageId, connectionId, teamHandle, reason, detail } = its;
    const cure = cureOfLetter(reason ?? 'unknown');
    this.log.warn(
      { sourceOrg, alertKey, pageId, connectionId, teamHandle, reason, detail, cure },
      'a page is given up',
    );
  }

  /** Logs what a step says of a page. */
  tell(notice: Notice): void {
    const { sourceOrg, alertKey } = notice.alert;
    const { pageId, destinationPageId, connectionId, teamHandle, attempts, reason, lastError: detail } = notice.page;
    const its = { sourceOrg, alertKey, pageId, connectionId, teamHandle, detail };
    if (notice.kind === 'given-up') {
      this.undeliverable({ ...its, reason });
    } else if (!this.limit.admits(notice.kind)) {
      return;
    } else if (notice.kind === 'fails-over') {
      const { cause, backup } = notice;
      const to = { pageId: backup.pageId, connectionId: backup.connectionId, teamHandle: backup.teamHandle };
      const cure = 'Fix the connection of the first page, or its destination; the first page is still attempted.';
      this.log.warn({ ...its, cause, attempts, to, cure }, 'a page fails over to the backup of its connection');
    } else {
      const cure = destinationPageId
        ? 'Resolve the page in its destination: nothing else ends it.'
        : `Search the destination for a page with the tag page-id:${pageId}, and resolve it: nothing else ends it.`;
      const stays = notice.page.status === 'unresolved' ? 'stays' : 'may stay';
      this.log.warn({ ...its, destinationPageId, reason, cure }, `a page ${stays} open in its destination`);
    }
  }

  /** Logs that Kafka rejects even the smallest record of an alert, for which its partition waits. */
  unwritten(key: string, detail: string): void {
    if (!this.limit.admits('alert-unwritten')) return;
    this.log.warn({ alert: key, detail, cure: largerRecords }, 'the ledger refuses an alert; its partition waits');
  }

  /** Logs one failed call of a connection after several in a row. */
  destinationFails(job: Job, connection: Connection, detail: string): void {
    if (!this.limit.admits('destination-fails')) return;
    const cure =
      'Check whether the destination is up: the pages are sent once it answers. Name a backup to be paged meanwhile.';
    this.log.warn({ ...namesOf(job, connection), detail, cure }, 'a destination fails; the pages of a connection wait');
  }

  /** Logs a page that has waited for minutes, with the last answer of its destination. */
  pageWaits(job: Job, connection: Connection): void {
    const page = pageOf(job.ledgerPartition.get(job.key), job.pageId);
    if (!page || workOf(page) !== job.step || !this.limit.admits('page-waits')) return;
    const { teamHandle, attempts, lastError } = page;
    const detail = lastError ?? 'It was not called yet: other pages of its destination go first, or the ledger waits.';
    const cure = 'Remove the cause that the detail names: the page is retried. Name a backup to be paged meanwhile.';
    this.log.warn(
      { ...namesOf(job, connection), teamHandle, attempts, since: waitingSince(page), detail, cure },
      'a page has waited for minutes',
    );
  }

  credentialRefused(
    { key, pageId, step }: NamedCall,
    { connectionId, sourceOrg, slug }: Connection,
    { isUnopenable, ...its }: { detail: string; permission: string | undefined; cure: string; isUnopenable: boolean },
  ): void {
    if (!this.limit.admits('credential-refused')) return;
    const reason = isUnopenable ? 'credential-unopenable' : 'credential-refused';
    this.log.warn(
      { connectionId, slug, sourceOrg, alertKey: alertKeyOf(key), pageId, step, reason, ...its },
      `a credential ${isUnopenable ? 'cannot be opened' : 'is refused'}; its pages wait`,
    );
  }
}

const namesOf = ({ key, pageId, step }: NamedCall, connection: Connection) => {
  const { connectionId, slug, sourceOrg, dataCenter, destinationOrg } = connection;
  return { connectionId, slug, sourceOrg, dataCenter, destinationOrg, alertKey: alertKeyOf(key), pageId, step };
};

/** Returns the alert key from a key of the ledger, `<sourceOrg>/<alertKey>`. */
const alertKeyOf = (key: string): string => key.slice(key.indexOf('/') + 1);

type Undeliverable = Pick<AlertState, 'sourceOrg' | 'alertKey'> &
  Pick<PageState, 'pageId' | 'connectionId' | 'teamHandle'> &
  Record<'reason' | 'detail', string | undefined>;

const largerRecords = 'Allow larger records in paging.page-states.v1 (max.message.bytes of the topic).';
