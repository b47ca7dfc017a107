import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds to connections what snapshots show, and since when former links open nothing. It may be run again. */
export class AddShares1764000000100 implements MigrationInterface {
  name = 'AddShares1764000000100';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'share')) return;
    await runner.query(`
      ALTER TABLE connections
        ADD COLUMN share VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'none',
        ADD COLUMN share_revoked_before DATETIME(3) NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connections DROP COLUMN share, DROP COLUMN share_revoked_before');
  }
}
