import type { Connection } from '@pagebridge/contracts';
import { type CallKind } from '@pagebridge/page-lifecycle';
import { cureOfCredential } from '@pagebridge/vocabulary';
import type { OperatorLog } from './operator-log.ts';
import type { Clock, ConnectionReporter, DestinationClient, Diagnosis, Log } from './ports.ts';
import type { NamedCall } from './scheduling/job.ts';

const lookAgainMs = 60_000;

interface Refusal {
  readonly page: NamedCall;
  readonly detail: string;
  readonly since: number;
  /** Whether the credential is at fault whatever its user says. */
  isCertain: boolean;
  isReported: boolean;
}

/** What calls have shown of the credential of a connection since its last change, and what was reported. */
class Standing {
  /** The kinds of calls that were served since the pages were taken over. */
  readonly served = new Set<CallKind>();
  readonly refusals = new Map<CallKind, Refusal>();
  reported: 'nothing' | 'fault' | 'works' = 'nothing';
  /** A refused page makes nobody look at the current user before this time. */
  nextLookAt = 0;
  isBusy = false;

  constructor(public credential: string) {}

  get unreported(): Refusal | undefined {
    return this.refusals.values().find(({ isReported }) => !isReported);
  }

  /**
   * Whether to report that it works: after a fault one served call shows that. Else both kinds must be served, since
   * a former owner of the pages may have reported a fault of either.
   */
  get isWorking(): boolean {
    if (this.refusals.size > 0) return false;
    return this.reported === 'fault' ? this.served.size > 0 : this.reported === 'nothing' && this.served.size === 2;
  }

  /** Begins anew with another credential, or with pages that were taken over. */
  begin(): void {
    this.served.clear();
    this.nextLookAt = 0;
    if (this.reported === 'works') this.reported = 'nothing';
  }
}

/**
 * Reports when the destination refuses a credential, with what one look at its current user says, and when it is served
 * again. No call waits for a look or a report.
 *
 * A 401 is the fault of the credential, and so are several pages in a row that are refused with 403. A single 403 may be
 * about the page: it is reported only if the current user lacks the permission. `retry` sends failed reports again.
 */
export class CredentialReports {
  private readonly standings = new Map<string, Standing>();

  constructor(
    private readonly destination: Pick<DestinationClient, 'diagnose'>,
    private readonly reporter: Pick<ConnectionReporter, 'credentialFault' | 'repaired'>,
    private readonly connections: { get(id: string): Connection | undefined },
    private readonly operatorLog: Pick<OperatorLog, 'credentialRefused'>,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly log: Log,
  ) {}

  served(connection: Connection, kind: CallKind): void {
    const standing = this.standingOf(connection);
    standing.served.add(kind);
    standing.refusals.delete(kind);
    void this.report(connection.connectionId, standing);
  }

  refused(connection: Connection, { key, pageId, callKind }: NamedCall, detail: string, isCertain: boolean): void {
    const standing = this.standingOf(connection);
    standing.served.delete(callKind);
    const known = standing.refusals.get(callKind);
    const since = this.clock.elapsedMs();
    if (known) known.isCertain ||= isCertain;
    else if (isCertain || since >= standing.nextLookAt)
      standing.refusals.set(callKind, { page: { key, pageId, callKind }, detail, since, isCertain, isReported: false });
    void this.report(connection.connectionId, standing);
  }

  /** Returns since when the credential is at fault, in ms of `elapsedMs`; undefined if it is not. */
  refusedSince(connection: Connection): number | undefined {
    const standing = this.standings.get(connection.connectionId);
    if (standing?.credential !== credentialOf(connection)) return undefined;
    return standing.refusals.values().find(({ isCertain, isReported }) => isCertain || isReported)?.since;
  }

  /** Must be called when pages were taken over: their former owner may have reported a fault. */
  takenOver(): void {
    for (const standing of this.standings.values()) standing.begin();
  }

  retry(): void {
    for (const [id, standing] of this.standings) {
      if (this.connections.get(id)) void this.report(id, standing);
      else this.standings.delete(id);
    }
  }

  private standingOf(connection: Connection): Standing {
    const { connectionId } = connection;
    const credential = credentialOf(connection);
    const standing = this.standings.get(connectionId) ?? new Standing(credential);
    this.standings.set(connectionId, standing);
    if (standing.credential !== credential) {
      standing.begin();
      standing.refusals.clear();
      standing.credential = credential;
    }
    return standing;
  }

  /** Reports all there is to report, one after the other. */
  private async report(connectionId: string, standing: Standing): Promise<void> {
    if (standing.isBusy) return;
    standing.isBusy = true;
    try {
      for (let { unreported } = standing; unreported || standing.isWorking; { unreported } = standing) {
        const connection = this.connections.get(connectionId);
        // The credential was rotated, which the next call shows.
        if (!connection || credentialOf(connection) !== standing.credential) return;
        if (unreported) await this.reportRefusal(connection, standing, unreported);
        else await this.reportWorking(connection, standing);
      }
    } catch (error) {
      this.log.warn({ connectionId, error: String(error) }, 'connection report not written; retrying');
    } finally {
      standing.isBusy = false;
    }
  }

  private async reportRefusal(connection: Connection, standing: Standing, refusal: Refusal): Promise<void> {
    const { page, detail } = refusal;
    const diagnosis = await this.destination.diagnose(connection);
    // Meanwhile the call may have been served, or the credential rotated.
    if (standing.refusals.get(page.callKind) !== refusal) return;
    const permission = diagnosis.kind === 'accepted' ? diagnosis.missing[page.callKind] : undefined;
    const isFault = permission !== undefined || diagnosis.kind === 'refused' || diagnosis.kind === 'unopenable';
    if (!isFault && !refusal.isCertain) {
      standing.refusals.delete(page.callKind);
      standing.nextLookAt = this.clock.elapsedMs() + lookAgainMs;
      return;
    }
    const isUnopenable = diagnosis.kind === 'unopenable';
    const cure = cureOf(diagnosis, permission);
    this.operatorLog.credentialRefused(page, connection, { detail, permission, cure, isUnopenable });
    await this.reporter.credentialFault(connection, {
      detail: `${detail}. ${cure}`,
      ...(permission ? { missingPermission: permission } : {}),
      ...(isUnopenable ? { unopenable: true } : {}),
    });
    refusal.isReported = true;
    standing.reported = 'fault';
  }

  private async reportWorking(connection: Connection, standing: Standing): Promise<void> {
    const { connectionId } = connection;
    if (standing.reported === 'fault') {
      this.log.info({ connectionId }, 'credential works again; delivery resumed');
    } else {
      // A call may have been served hours ago: a fault that another instance has found since must stay reported.
      const diagnosis = await this.destination.diagnose(connection);
      if (!standing.isWorking) return;
      if (diagnosis.kind !== 'accepted' || Object.keys(diagnosis.missing).length > 0) {
        standing.served.clear();
        return;
      }
    }
    await this.reporter.repaired(connection);
    standing.reported = 'works';
  }
}

/** Returns what changes with each rotation of a credential, and with each check that it passes. */
export const credentialOf = (connection: Pick<Connection, 'credential'> | undefined): string =>
  `${connection?.credential.revision}/${connection?.credential.checkedAt}`;

function cureOf({ kind }: Diagnosis, missingPermission: string | undefined): string {
  if (kind === 'accepted' && !missingPermission)
    return 'Its role has the permission. Check whether the application key has scopes, or whether the team restricts who can page it.';
  return cureOfCredential({ missingPermission, unopenable: kind === 'unopenable' });
}
