import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows from before have null, as those that may double another: that they are there is seen before one is added. */
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
