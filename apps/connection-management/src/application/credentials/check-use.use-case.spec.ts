import { describe, expect, it } from '@jest/globals';
import type { ConnectionReport } from '@pagebridge/contracts';
import { applyReport } from '../../domain/apply-report.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import { aConnection, minute } from '../../domain/connection.fixtures.ts';
import type { Check } from '../../domain/credentials/check.ts';
import { RequestSync } from '../connections/request-sync.use-case.ts';
import type { Fact, Store, Unit } from '../ports.ts';
import { CheckUse } from './check-use.use-case.ts';

/** A store of one connection, and a handle-sync that answers each request unless it is silent. */
class World {
  connection = aConnection();
  silent = false;
  readonly asked: string[] = [];
  readonly audited: string[] = [];
  readonly announced: Check[] = [];
  private elapsed = 0;

  check(requestId: string) {
    const unit: Partial<Unit> = {
      lockConnection: async () => this.connection,
      audit: async (entry: AuditEntry) => void this.audited.push(entry.requestId),
      publish: async (fact: Fact) => void (fact.kind === 'sync-requested' && this.asked.push(fact.requestId)),
    };
    const store = {
      connection: async () => this.connection,
      transaction: <T>(work: (unit: Unit) => Promise<T>) => work(unit as Unit),
    } as Partial<Store> as Store;
    const clock = {
      now: () => minute(1),
      elapsedMs: () => this.elapsed,
      after: () => () => undefined,
      sleep: async (ms: number) => {
        this.elapsed += ms;
        if (!this.silent) this.answer();
      },
    };
    const { sourceOrg, id } = this.connection;
    return new CheckUse(store, new RequestSync(store, clock), clock, 8000).run(
      { sourceOrg, id },
      { actor: 'https://issuer.test#ada', onBehalfOf: null, requestId },
      (check) => this.announced.push(check),
    );
  }

  private answer(): void {
    const { id, sourceOrg, credential } = this.connection;
    const report: ConnectionReport = {
      ...{ kind: 'synced', connectionId: id, sourceOrg, reportedBy: 'handle-sync' },
      ...{ credentialRevision: credential.revision, at: minute(1).toISOString(), answers: this.asked.slice(-1) },
      ...{ teams: 4, added: 0, removed: 0, renamed: [], durationMs: 1 },
    };
    const effect = applyReport(this.connection, report, minute(1));
    if (effect.kind === 'changed') this.connection = effect.connection;
  }
}

describe('CheckUse', () => {
  it('does not accept the answer to an earlier check with the same request id', async () => {
    const world = new World();
    expect(await world.check('terraform-run-7')).toMatchObject({ result: 'passed' });
    world.silent = true;
    expect(await world.check('terraform-run-7')).toMatchObject({ result: 'unknown' });
    world.silent = false;
    expect(await world.check('terraform-run-7')).toMatchObject({ result: 'passed' });
  });

  it('announces every check of its answer', async () => {
    const world = new World();
    const { checks } = await world.check('terraform-run-7');
    expect(world.announced).toEqual(checks);
  });

  it('records the request id in the audit, and sends handle-sync an id of its own', async () => {
    const world = new World();
    await world.check('terraform-run-7');
    expect(world.audited).toEqual(['terraform-run-7']);
    expect(world.asked).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });
});
