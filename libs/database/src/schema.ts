import type { MigrationInterface } from 'typeorm';

/** What a service keeps in its database. */
export interface Schema {
  readonly entities: readonly (new () => object)[];
  /** All migrations, in order. */
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** What the service may do with each of its tables, as a list of privileges for `GRANT`; all that its user may. */
  readonly rights: Readonly<Record<string, string>>;
  /** The program that runs the migrations, as a message tells an operator to run it. */
  readonly migrationProgram: string;
}
