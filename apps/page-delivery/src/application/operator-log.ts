import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import type { Notice } from '@pagebridge/page-lifecycle';
import { pageOf, workOf } from '@pagebridge/page-lifecycle';
import { cureOfLetter, type RetryReason } from '@pagebridge/vocabulary';
import type { Log } from './ports.ts';
import type { Job, NamedCall } from './scheduling/job.ts';

/**
 * Logs each page that waits, fails, is given up, fails over, or may stay open, with its alert, the reason and the cure. The
 * log limits the lines of each connection; the outcome of each page has the same content.
 */
export class OperatorLog {
  constructor(private readonly log: Pick<Log, 'warn' | 'error'>) {}

  undeliverable(its: Undeliverable): void {
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
    } else if (notice.kind === 'fails-over') {
      // A page that is too old before it may be given up has no other cause.
      const { cause: reason = 'too-old', backup } = notice;
      const to = { pageId: backup.pageId, connectionId: backup.connectionId, teamHandle: backup.teamHandle };
      const cure = 'Fix the connection of the first page, or its destination. The first page is still retried.';
      this.log.warn({ ...its, reason, attempts, to, cure }, 'page failed over to backup connection');
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
    const its = { ...alertOf(key), reason: 'unwritable', detail, cure: largerRecords };
    this.log.warn(its, 'ledger record rejected by Kafka; partition blocked');
  }

  /** Logs an unexpected error in the work on a page, which is attempted again. */
  failed({ key, pageId, connectionId, callKind: step }: Job, error: unknown, message: string): void {
    const cure = 'Report the error: it is a bug of Pagebridge. The page is attempted again.';
    this.log.error({ ...alertOf(key), pageId, connectionId, step, reason: 'internal-error', cure, error }, message);
  }

  /** Logs one failed call of a connection after several in a row. */
  destinationFails(job: Job, connection: Connection, reason: RetryReason, detail: string): void {
    const cure = 'Check whether the destination is available. Add a backup connection to page another team meanwhile.';
    this.log.warn({ ...namesOf(job, connection), reason, detail, cure }, 'destination failing; pages delayed');
  }

  /** Logs a page that has waited for minutes, with the last answer of its destination. */
  pageWaits(job: Job, connection: Connection): void {
    const page = pageOf(job.ledgerPartition.get(job.key), job.pageId);
    // Its answer may have come already.
    if (!page || !(workOf(page) || page.status === 'attempting')) return;
    const { teamHandle, attempts, lastError } = page;
    const reason = lastError === undefined ? 'not-called' : 'not-accepted';
    const detail =
      lastError ?? 'The destination has not been called yet: other pages are first, or a ledger write is pending.';
    const cure =
      'Fix the cause in the detail; the page is retried. Add a backup connection to page another team meanwhile.';
    this.log.warn(
      {
        ...namesOf(job, connection),
        teamHandle,
        attempts,
        since: new Date(job.since).toISOString(),
        reason,
        detail,
        cure,
      },
      'page delivery delayed',
    );
  }

  credentialRefused(
    call: NamedCall,
    connection: Connection,
    { isUnopenable, ...its }: { detail: string; permission: string | undefined; cure: string; isUnopenable: boolean },
  ): void {
    const reason = isUnopenable ? 'credential-unopenable' : 'credential-refused';
    this.log.warn(
      { ...namesOf(call, connection), reason, ...its },
      isUnopenable ? 'credential cannot be decrypted; pages delayed' : 'credential rejected; pages delayed',
    );
  }
}

const namesOf = ({ key, pageId, callKind: step }: NamedCall, connection: Connection) => {
  const { connectionId, slug, dataCenter, destinationOrg } = connection;
  return { ...alertOf(key), connectionId, slug, dataCenter, destinationOrg, pageId, step };
};

/** Returns the names of an alert from its key in the ledger, `<sourceOrg>/<alertKey>`. */
export function alertOf(key: string): Pick<AlertState, 'sourceOrg' | 'alertKey'> {
  const end = key.indexOf('/');
  return { sourceOrg: key.slice(0, end), alertKey: key.slice(end + 1) };
}

type Undeliverable = Pick<AlertState, 'sourceOrg' | 'alertKey'> &
  Pick<PageState, 'pageId' | 'connectionId' | 'teamHandle'> &
  Record<'reason' | 'detail', string | undefined>;

const largerRecords = 'Allow larger records in paging.page-states.v1 (max.message.bytes of the topic).';
