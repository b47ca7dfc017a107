import type { Connection } from '@pagebridge/contracts';
import type { Step } from '../domain/page.ts';
import type { Notices } from './notices.ts';
import type { Clock, ConnectionReporter, Destination, Diagnosis, Log } from './ports.ts';
import type { Job } from './scheduling/job.ts';

/** One look at a credential; what it showed counts until then, infinite while it is under way. */
interface Look {
  readonly diagnosis: Promise<Diagnosis>;
  until: number;
}

const keptMs = 15_000;

/**
 * Looks at the credential of a connection, tells what is wrong with it, and when it is well again; the latest word counts.
 *
 * A connection is looked at once at a time, and not again for a while. What could not be told is told again with the
 * next `retry`. No page depends on it: pages wait in their lane.
 */
export class CredentialWatch {
  private readonly looks = new WeakMap<Connection, Look>();
  private readonly due = new Map<string, () => Promise<void>>();
  private readonly telling = new Set<string>();

  constructor(
    private readonly destination: Destination,
    private readonly reporter: ConnectionReporter,
    private readonly connections: { get(id: string): Connection | undefined },
    private readonly notices: Notices,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly log: Log,
  ) {}

  /** Whether the credential is good for a step; undefined where the destination does not say. Never rejects. */
  async isGood(connectionId: string, step: Step): Promise<boolean | undefined> {
    const connection = this.connections.get(connectionId);
    if (!connection) return undefined;
    const diagnosis = await this.look(connection);
    if (diagnosis.kind === 'unknown') return undefined;
    return diagnosis.kind === 'accepted' && diagnosis.missing[step] === undefined;
  }

  /** The credential is at fault for the step of a job. */
  refused(job: Job, detail: string): void {
    const refused = this.connections.get(job.connectionId)?.credential.revision;
    this.tell(job.connectionId, async (connection) => {
      if (connection.credential.revision !== refused) return;
      const diagnosis = await this.look(connection);
      const permission = diagnosis.kind === 'accepted' ? diagnosis.missing[job.step] : undefined;
      const cure = cureOf(diagnosis, permission);
      this.notices.credentialRefused(job, connection, { detail, cure, ...(permission ? { permission } : {}) });
      await this.reporter.credentialFault(connection, `${detail}. ${cure}`, permission);
    });
  }

  repaired(connectionId: string): void {
    this.log.info({ connectionId }, 'a credential works again; its pages go out');
    // The next page that is refused is to meet a look at the credential as it is by then.
    const connection = this.connections.get(connectionId);
    const look = connection && this.looks.get(connection);
    if (look && Number.isFinite(look.until)) look.until = 0;
    this.tell(connectionId, (connection) => this.reporter.repaired(connection));
  }

  retry(): void {
    for (const id of this.due.keys()) void this.work(id);
  }

  private look(connection: Connection): Promise<Diagnosis> {
    const known = this.looks.get(connection);
    if (known && this.clock.elapsedMs() < known.until) return known.diagnosis;
    const look: Look = { diagnosis: this.diagnose(connection), until: Number.POSITIVE_INFINITY };
    this.looks.set(connection, look);
    void look.diagnosis.then(() => {
      look.until = this.clock.elapsedMs() + keptMs;
    });
    return look.diagnosis;
  }

  private async diagnose(connection: Connection): Promise<Diagnosis> {
    try {
      return await this.destination.diagnose(connection);
    } catch (error) {
      this.log.error({ error, connectionId: connection.connectionId }, 'a look at a credential failed unexpectedly');
      return { kind: 'unknown' };
    }
  }

  private tell(connectionId: string, say: (connection: Connection) => Promise<void>): void {
    this.due.set(connectionId, async () => {
      const connection = this.connections.get(connectionId);
      if (connection) await say(connection);
    });
    void this.work(connectionId);
  }

  private async work(connectionId: string): Promise<void> {
    if (this.telling.has(connectionId)) return;
    this.telling.add(connectionId);
    try {
      for (let say = this.due.get(connectionId); say; say = this.due.get(connectionId)) {
        await say();
        if (this.due.get(connectionId) === say) this.due.delete(connectionId);
      }
    } catch (error) {
      this.log.warn({ connectionId, error: String(error) }, 'a connection report was not written, it is tried again');
    } finally {
      this.telling.delete(connectionId);
    }
  }
}

function cureOf(diagnosis: Diagnosis, permission: string | undefined): string {
  if (permission) return `Give the service account a role that holds ${permission}.`;
  if (diagnosis.kind !== 'accepted') return 'Check the connection, and rotate its credential.';
  return 'Its role allows it: look whether its application key is restricted to scopes, or its teams to some people.';
}
