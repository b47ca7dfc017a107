import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Earlier rows have null, like allowed duplicates. Before a connection is added, a query finds them. */
export class AddSoleDestination1764000000020 implements MigrationInterface {
  name = 'AddSoleDestination1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'sole_destination')) return;
    await runner.query(`
      ALTER TABLE connections
        ADD COLUMN sole_destination VARCHAR(161) NULL,
        ADD UNIQUE KEY connections_sole_destination (source_org, sole_destination)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn('connections', 'sole_destination'))) return;
    await runner.query('ALTER TABLE connections DROP KEY connections_sole_destination, DROP COLUMN sole_destination');
  }
}
