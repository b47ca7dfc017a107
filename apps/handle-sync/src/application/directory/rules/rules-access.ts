import type { Look } from '../look.ts';

/** So many teams whose rules are all forbidden, and none that can be read, are not the access control of one team. */
const hopeless = 20;

/** May rules be read at all? Access control hides those of many teams, a missing permission those of all. */
export class RulesAccess {
  /** Teams in a row whose rules were forbidden. */
  private hidden = 0;
  /** The last team whose rules could be read. */
  private readable: string | undefined;

  /** The rules of a team could be read. */
  read(teamId: string): void {
    this.readable = teamId;
    this.hidden = 0;
  }

  /**
   * Those of some teams were forbidden, and none could be read. Answers a team whose rules are forbidden where they all
   * seem to be, after one that could be read before was tried.
   */
  async forbidden(
    teamIds: readonly string[],
    look: Look,
    listed: ReadonlyMap<string, unknown>,
    someOnCall: () => string | undefined,
  ): Promise<string | undefined> {
    this.hidden += teamIds.length;
    if (this.hidden < Math.min(listed.size, hopeless)) return undefined;
    const { readable } = this;
    const wasRead = readable !== undefined && listed.has(readable) ? readable : someOnCall();
    if (wasRead === undefined) {
      const isAll = this.hidden >= listed.size || (await look.holds('on_call_read')) === false;
      return isAll ? teamIds[0] : undefined;
    }
    this.hidden = 0;
    const result = await look.opened.isOnCall(wasRead, 'pressing');
    return result.ok || result.failure.kind !== 'credential' ? undefined : wasRead;
  }
}
