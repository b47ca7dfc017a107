import type { Connection } from './connection.ts';
import type { Org } from './org.ts';
import type { KnownTeam } from './resolution.ts';

/** A known team, the connection over which it is read, and the org that its record names. */
export interface Team extends KnownTeam {
  readonly connection: Connection;
  readonly org: Org;
}
