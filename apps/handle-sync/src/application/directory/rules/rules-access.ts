import type { SyncRun } from '../sync-run.ts';

/** If the rules of this many teams are forbidden, the cause may be a missing permission instead of access control of teams. */
const maxHidden = 20;

/** Decides whether a permission is missing: access control hides the rules of some teams, a missing permission those of all. */
export class RulesAccess {
  /** The number of consecutive teams whose rules were forbidden. */
  private hidden = 0;
  private readable: string | undefined;

  read(teamId: string): void {
    this.readable = teamId;
    this.hidden = 0;
  }

  /**
   * Records that the rules of some teams were forbidden and none could be read. Returns a team with forbidden rules if the
   * rules of all teams seem to be forbidden, after another try with a team whose rules could be read earlier.
   */
  async forbidden(
    teamIds: readonly string[],
    run: SyncRun,
    listed: ReadonlyMap<string, unknown>,
    someOnCall: () => string | undefined,
  ): Promise<string | undefined> {
    this.hidden += teamIds.length;
    if (this.hidden < Math.min(listed.size, maxHidden)) return undefined;
    const { readable } = this;
    const wasRead = readable !== undefined && listed.has(readable) ? readable : someOnCall();
    if (wasRead === undefined) {
      const isAll = this.hidden >= listed.size || (await run.hasPermission('on_call_read')) === false;
      return isAll ? teamIds[0] : undefined;
    }
    this.hidden = 0;
    const result = await run.destination.isOnCall(wasRead, 'pressing');
    return result.ok || result.failure.kind !== 'credential' ? undefined : wasRead;
  }
}
