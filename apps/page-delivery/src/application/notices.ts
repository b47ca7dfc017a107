import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { backupsRaised, failoverCauseOf } from '../domain/failover/failover.ts';
import { pageOf } from '../domain/page.ts';
import type { Log } from './ports.ts';
import type { Job } from './scheduling/job.ts';

export interface LineLimit {
  admits(kind: string): boolean;
}

/**
 * Logs each page that is given up or fails over, with its alert, the cause and the cure. The lines are limited; the
 * outcome of the page says the same.
 */
export class Notices {
  constructor(
    private readonly log: Pick<Log, 'warn'>,
    private readonly limit: LineLimit,
  ) {}

  undeliverable(its: Undeliverable): void {
    if (!this.limit.admits('undeliverable')) return;
    const { sourceOrg, alertKey, pageId, connectionId, teamHandle, reason = 'unknown', detail } = its;
    const cure = cures[reason] ?? replay;
    this.log.warn(
      { sourceOrg, alertKey, pageId, connectionId, teamHandle, reason, detail, cure },
      'a page is given up',
    );
  }

  /** Logs the pages that a change gave up or failed over. */
  changed(before: AlertState | undefined, after: AlertState, now: Date): void {
    const { sourceOrg, alertKey } = after;
    for (const page of givenUp(before, after)) {
      this.undeliverable({ sourceOrg, alertKey, ...page, detail: page.lastError });
    }
    for (const backup of backupsRaised(before, after)) {
      const first = pageOf(after, backup.failoverOf?.pageId ?? '');
      if (!first || !this.limit.admits('failover')) continue;
      const { pageId, connectionId, teamHandle, attempts, lastError: detail } = first;
      const to = { pageId: backup.pageId, connectionId: backup.connectionId, teamHandle: backup.teamHandle };
      const cause = failoverCauseOf(first, now);
      const cure = 'Mend the connection of the first page, or its destination; it is still tried.';
      this.log.warn(
        { sourceOrg, alertKey, pageId, connectionId, teamHandle, cause, attempts, detail, to, cure },
        'a page fails over to the backup of its connection',
      );
    }
  }

  /** Kafka takes not even a lean record of the alert: its delivered pages will not be resolved. */
  forgotten({ sourceOrg, alertKey }: AlertState, detail: string): void {
    if (!this.limit.admits('alert-forgotten')) return;
    this.log.warn({ sourceOrg, alertKey, detail, cure: largerRecords }, 'an alert is forgotten with its open pages');
  }

  /** One call of many: while a destination fails, each connection calls it once in a while. */
  destinationFails({ key, pageId, step }: Job, connection: Connection, detail: string): void {
    if (!this.limit.admits('destination-fails')) return;
    const { connectionId, slug, sourceOrg, dataCenter, destinationOrg } = connection;
    const cure =
      'See whether the destination is up: its pages go out when it answers. Name a backup that is paged meanwhile.';
    const its = { connectionId, slug, sourceOrg, dataCenter, destinationOrg, alertKey: alertKeyOf(key), pageId, step };
    this.log.warn({ ...its, detail, cure }, 'a destination fails; the pages of a connection wait');
  }

  credentialRefused(
    { key, pageId, step }: Job,
    { connectionId, sourceOrg, slug }: Connection,
    its: { readonly detail: string; readonly permission?: string; readonly cure: string },
  ): void {
    if (!this.limit.admits('credential-refused')) return;
    this.log.warn(
      { connectionId, slug, sourceOrg, alertKey: alertKeyOf(key), pageId, step, reason: 'credential-refused', ...its },
      'a credential is refused; its pages wait',
    );
  }
}

/** The key of an alert in the ledger begins with its source org. */
const alertKeyOf = (key: string): string => key.slice(key.indexOf('/') + 1);

type Undeliverable = Pick<AlertState, 'sourceOrg' | 'alertKey'> &
  Pick<PageState, 'pageId' | 'connectionId' | 'teamHandle' | 'reason'> & { readonly detail: string | undefined };

const givenUp = (before: AlertState | undefined, after: AlertState): PageState[] =>
  before === after
    ? []
    : after.pages.filter(
        ({ status, pageId }) => status === 'undeliverable' && pageOf(before, pageId)?.status !== 'undeliverable',
      );

const largerRecords = 'Have the brokers take larger records for paging.page-states.v1 (max.message.bytes).';
const replay = 'Replay its dead letter once the cause is mended.';
const cures: Readonly<Record<string, string>> = {
  rejected: `See what the destination says of the page or its team. ${replay}`,
  'bad-answer': `Something answers in place of the destination: look there whether the page exists. ${replay}`,
  'too-old': `Mend the connection, or wait for its destination. ${replay}`,
  'connection-unknown': `Add the connection, or take its handle out of the alert. ${replay}`,
  'connection-disabled': `Enable the connection. ${replay}`,
  'connection-foreign': 'Find out who wrote a page command for the connection of another source org.',
  unwritable: `${largerRecords} ${replay}`,
  'too-many-pages': `End pages of this alert: let it recover, or make its source use more alert keys. ${replay}`,
};
