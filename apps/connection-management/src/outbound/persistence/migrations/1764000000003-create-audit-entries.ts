import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAuditEntries1764000000003 implements MigrationInterface {
  name = 'CreateAuditEntries1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS audit_entries (
        id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
        source_org VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        actor VARCHAR(128) NOT NULL,
        action VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        target VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        before_change JSON NULL,
        after_change JSON NULL,
        request_id VARCHAR(128) NOT NULL,
        at DATETIME(3) NOT NULL,
        PRIMARY KEY (id),
        KEY audit_entries_page (source_org, id)
      ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS audit_entries');
  }
}
