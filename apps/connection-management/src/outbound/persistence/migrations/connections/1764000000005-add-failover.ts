import type { MigrationInterface, QueryRunner } from 'typeorm';

/** MySQL has no `ADD COLUMN IF NOT EXISTS`, so a migration that may be run again looks for the column first. */
export class AddFailover1764000000005 implements MigrationInterface {
  name = 'AddFailover1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'failover')) return;
    await runner.query('ALTER TABLE connections ADD COLUMN failover JSON NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'failover')) await runner.dropColumn('connections', 'failover');
  }
}
