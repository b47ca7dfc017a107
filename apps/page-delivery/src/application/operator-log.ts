import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { isBusy, pageOf, waitingSince } from '@pagebridge/page-ledger';
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
      'page undeliverable',
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
      const cure = 'Fix the connection of the first page, or its destination. The first page is still retried.';
      this.log.warn({ ...its, cause, attempts, to, cure }, 'page failed over to backup connection');
    } else {
      const cure = destinationPageId
        ? 'Resolve the page in its destination. Pagebridge no longer tries to resolve it.'
        : `Find the page with the tag page-id:${pageId} in the destination, and resolve it.`;
      const isOpen = notice.page.status === 'unresolved';
      const message = isOpen ? 'page not resolved in its destination' : 'page may be open in its destination';
      this.log.warn({ ...its, destinationPageId, reason, cure }, message);
    }
  }

  /** Logs that Kafka rejects even the smallest record of an alert, for which its partition waits. */
  unwritten(key: string, detail: string): void {
    if (!this.limit.admits('alert-unwritten')) return;
    this.log.warn({ alert: key, detail, cure: largerRecords }, 'ledger record rejected by Kafka; partition blocked');
  }

  /** Logs one failed call of a connection after several in a row. */
  destinationFails(job: Job, connection: Connection, detail: string): void {
    if (!this.limit.admits('destination-fails')) return;
    const cure = 'Check whether the destination is available. Add a backup connection to page another team meanwhile.';
    this.log.warn({ ...namesOf(job, connection), detail, cure }, 'destination failing; pages delayed');
  }

  /** Logs a page that has waited for minutes, with the last answer of its destination. */
  pageWaits(job: Job, connection: Connection): void {
    const page = pageOf(job.ledgerPartition.get(job.key), job.pageId);
    if (!page || !isBusy(page) || !this.limit.admits('page-waits')) return;
    const { teamHandle, attempts, lastError } = page;
    const detail =
      lastError ?? 'The destination has not been called yet: other pages are first, or a ledger write is pending.';
    const cure =
      'Fix the cause in the detail; the page is retried. Add a backup connection to page another team meanwhile.';
    this.log.warn(
      { ...namesOf(job, connection), teamHandle, attempts, since: waitingSince(page), detail, cure },
      'page delivery delayed',
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
      isUnopenable ? 'credential cannot be decrypted; pages delayed' : 'credential rejected; pages delayed',
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
