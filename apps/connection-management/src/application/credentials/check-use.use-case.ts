import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { hasAnswered, judgeUse } from '../../domain/credentials/judge-use.ts';
import type { RequestSync } from '../connections/request-sync.use-case.ts';
import { found } from '../found.ts';
import type { Store } from '../ports.ts';
import type { CheckedConnection } from './check-connection.use-case.ts';
import type { Announce } from './check-keys.ts';

const pollMs = 200;

/**
 * Checks the stored keys of a connection without having them in clear: asks handle-sync, which can open them, to use them now.
 *
 * Polls the database for the report, since any instance may consume it. Answers with what is known after at most `waitMs`.
 */
export class CheckUse {
  constructor(
    private readonly store: Store,
    private readonly requestSync: RequestSync,
    private readonly clock: Clock,
    private readonly waitMs: number,
  ) {}

  async run(
    { sourceOrg, id }: { readonly sourceOrg: string; readonly id: string },
    caller: Caller,
    announce: Announce,
  ): Promise<CheckedConnection> {
    const { connection: asked, requestId } = await this.requestSync.run(sourceOrg, id, caller);
    const before = asked.health;
    const until = this.clock.elapsedMs() + this.waitMs;
    for (;;) {
      const connection = found(await this.store.connection(sourceOrg, id), `connection ${id}`);
      if (this.clock.elapsedMs() >= until || hasAnswered(requestId, before, connection.health)) {
        const verdict = judgeUse(requestId, before, connection);
        verdict.checks.forEach(announce);
        return { connection, ...verdict };
      }
      await this.clock.sleep(pollMs);
    }
  }
}
