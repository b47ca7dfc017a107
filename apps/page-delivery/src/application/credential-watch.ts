import type { Connection } from '@pagebridge/contracts';
import { type Step } from '@pagebridge/page-ledger';
import type { Notices } from './notices.ts';
import type { Clock, ConnectionReporter, DestinationClient, Diagnosis, Log } from './ports.ts';
import type { Job } from './scheduling/job.ts';

interface CachedDiagnosis {
  readonly diagnosis: Promise<Diagnosis>;
  /** The expiry by the steady clock; infinite while the request is in flight. */
  until: number;
}

const cacheMs = 15_000;

/**
 * Diagnoses the credential of a connection, and reports when the credential is refused and when it works again.
 *
 * A diagnosis is cached for some seconds. A newer report of a connection replaces one that was not sent yet; `retry`
 * sends failed reports again. No page depends on a report: pages wait in their lane.
 */
export class CredentialWatch {
  private readonly diagnoses = new WeakMap<Connection, CachedDiagnosis>();
  private readonly unsent = new Map<string, () => Promise<void>>();
  private readonly reporting = new Set<string>();

  constructor(
    private readonly destination: DestinationClient,
    private readonly reporter: ConnectionReporter,
    private readonly connections: { get(id: string): Connection | undefined },
    private readonly notices: Notices,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly log: Log,
  ) {}

  /** Returns whether the credential permits a step; undefined if that cannot be found out. Never rejects. */
  async isGood(connectionId: string, step: Step): Promise<boolean | undefined> {
    const connection = this.connections.get(connectionId);
    if (!connection) return undefined;
    const diagnosis = await this.cached(connection);
    if (diagnosis.kind === 'unknown') return undefined;
    return diagnosis.kind === 'accepted' && diagnosis.missing[step] === undefined;
  }

  /** Reports that the destination refuses the credential, or may refuse it, for the step of a job. */
  refused(job: Job, detail: string): void {
    const refused = this.connections.get(job.connectionId)?.credential.revision;
    this.report(job.connectionId, async (connection) => {
      if (connection.credential.revision !== refused) return;
      const diagnosis = await this.cached(connection);
      const permission = diagnosis.kind === 'accepted' ? diagnosis.missing[job.step] : undefined;
      const cure = cureOf(diagnosis, permission);
      const isUnopenable = diagnosis.kind === 'unopenable';
      this.notices.credentialRefused(job, connection, { detail, permission, cure, isUnopenable });
      await this.reporter.credentialFault(connection, {
        detail: `${detail}. ${cure}`,
        ...(permission ? { missingPermission: permission } : {}),
        ...(isUnopenable ? { unopenable: true } : {}),
      });
    });
  }

  repaired(connectionId: string): void {
    this.log.info({ connectionId }, 'a credential works again; its pages are sent');
    // The next refused page needs a new diagnosis.
    const connection = this.connections.get(connectionId);
    const cached = connection && this.diagnoses.get(connection);
    if (cached && Number.isFinite(cached.until)) cached.until = 0;
    this.reportRepair(connectionId, async () => true);
  }

  /**
   * Reports that the credential works, which ends a fault that another instance or a former owner has reported.
   * `onUnknown`: called if no diagnosis shows that it works now, so that a later proof is needed.
   */
  proven(connectionId: string, onUnknown: () => void): void {
    // A step may have been served hours ago: a fault that another instance has found since must stay reported.
    this.reportRepair(connectionId, async (connection) => {
      const diagnosis = await this.cached(connection);
      if (diagnosis.kind === 'unknown') onUnknown();
      return diagnosis.kind === 'accepted' && Object.keys(diagnosis.missing).length === 0;
    });
  }

  retry(): void {
    for (const id of this.unsent.keys()) void this.flush(id);
  }

  private cached(connection: Connection): Promise<Diagnosis> {
    const known = this.diagnoses.get(connection);
    if (known && this.clock.elapsedMs() < known.until) return known.diagnosis;
    const cached: CachedDiagnosis = { diagnosis: this.diagnose(connection), until: Number.POSITIVE_INFINITY };
    this.diagnoses.set(connection, cached);
    void cached.diagnosis.then(() => {
      cached.until = this.clock.elapsedMs() + cacheMs;
    });
    return cached.diagnosis;
  }

  private async diagnose(connection: Connection): Promise<Diagnosis> {
    try {
      return await this.destination.diagnose(connection);
    } catch (error) {
      this.log.error(
        { error, connectionId: connection.connectionId },
        'the diagnosis of a credential failed unexpectedly',
      );
      return { kind: 'unknown' };
    }
  }

  private reportRepair(connectionId: string, isRepaired: (connection: Connection) => Promise<boolean>): void {
    const proven = this.connections.get(connectionId)?.credential.revision;
    this.report(connectionId, async (connection) => {
      // The credential may have been rotated before a late report is sent.
      if (connection.credential.revision !== proven) return;
      if (await isRepaired(connection)) await this.reporter.repaired(connection);
    });
  }

  private report(connectionId: string, send: (connection: Connection) => Promise<void>): void {
    this.unsent.set(connectionId, async () => {
      const connection = this.connections.get(connectionId);
      if (connection) await send(connection);
    });
    void this.flush(connectionId);
  }

  private async flush(connectionId: string): Promise<void> {
    if (this.reporting.has(connectionId)) return;
    this.reporting.add(connectionId);
    try {
      for (let send = this.unsent.get(connectionId); send; send = this.unsent.get(connectionId)) {
        await send();
        if (this.unsent.get(connectionId) === send) this.unsent.delete(connectionId);
      }
    } catch (error) {
      this.log.warn({ connectionId, error: String(error) }, 'a connection report was not written; it will be retried');
    } finally {
      this.reporting.delete(connectionId);
    }
  }
}

function cureOf(diagnosis: Diagnosis, permission: string | undefined): string {
  if (permission) return `Give the service account a role that holds ${permission}.`;
  if (diagnosis.kind === 'unopenable')
    return 'Add its key to CREDENTIALS_PRIVATE_KEYS of page-delivery and restart it, or enter the keys of the connection again.';
  if (diagnosis.kind !== 'accepted') return 'Check the connection, and rotate its credential.';
  return 'Its role allows it: check whether scopes restrict its application key, or teams restrict who may page them.';
}
