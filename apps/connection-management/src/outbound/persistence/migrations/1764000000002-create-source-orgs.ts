import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSourceOrgs1764000000002 implements MigrationInterface {
  name = 'CreateSourceOrgs1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS source_orgs (
        source_org VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        local_handles JSON NOT NULL,
        fallback_handle VARCHAR(195) NULL,
        version INT UNSIGNED NOT NULL,
        updated_at DATETIME(3) NOT NULL,
        PRIMARY KEY (source_org)
      ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS source_orgs');
  }
}
