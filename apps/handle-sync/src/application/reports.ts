import type { Connection, ConnectionReport } from '@pagebridge/contracts';
import type { PermissionName } from '@pagebridge/vocabulary';
import type { Change } from '../domain/diff-teams.ts';

const longestDetail = 1024;
const mostRenames = 1000;

/** The reports that handle-sync makes of one connection, each with what was met and what cures it. */
export class Reports {
  constructor(
    private readonly connection: Connection,
    private readonly time: () => string,
  ) {}

  /** `teams` is the number of handles known after the changes. */
  synced(changes: readonly Change[], teams: number, durationMs: number): ConnectionReport {
    const renamed = changes.flatMap((change) =>
      change.kind === 'renamed' ? [{ teamId: change.team.teamId, from: change.from, to: change.team.teamHandle }] : [],
    );
    return {
      kind: 'synced',
      ...this.common(),
      teams,
      added: changes.filter((change) => change.kind === 'added').length,
      removed: changes.filter((change) => change.kind === 'removed').length,
      renamed: renamed.slice(0, mostRenames),
      durationMs: Math.max(0, Math.round(durationMs)),
    };
  }

  failed(detail: string): ConnectionReport {
    return { kind: 'sync-failed', ...this.common(), detail: cut(detail) };
  }

  /** Part of the teams could not be read; what could be read counts. */
  partly(unread: number, listed: number): ConnectionReport {
    return this.failed(
      unread > 0
        ? `The routing rules of ${unread} of ${listed} teams could not be read; what was known of them stays.`
        : 'The list of teams kept changing while it was read, or held teams without id or handle; no handle was removed.',
    );
  }

  implausible({ known, removed }: { readonly known: number; readonly removed: number }): ConnectionReport {
    return this.failed(
      `The destination no longer shows ${removed} of ${known} known on-call teams. ` +
        'Their handles stay until a second look, a few seconds from now, shows the same.',
    );
  }

  fault(detail: string, missingPermission?: PermissionName): ConnectionReport {
    const missing = missingPermission ? { missingPermission } : {};
    return { kind: 'credential-fault', ...this.common(), ...missing, detail: cut(detail) };
  }

  rulesForbidden(teams: number): ConnectionReport {
    return this.fault(
      `The destination forbids reading the routing rules of all ${teams} teams. Give the service account a role that ` +
        'holds on_call_read, and see that its application key is unscoped.',
      'on_call_read',
    );
  }

  repaired(): ConnectionReport {
    return { kind: 'repaired', ...this.common() };
  }

  private common() {
    const { connectionId, sourceOrg, credential } = this.connection;
    const at = this.time();
    return { connectionId, sourceOrg, reportedBy: 'handle-sync', credentialRevision: credential.revision, at } as const;
  }
}

const cut = (text: string): string => (text.length <= longestDetail ? text : `${text.slice(0, longestDetail - 1)}…`);
