import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row: which relay may publish, and until when; and when segments last rolled. */
export class CreateOutboxLease1764000000011 implements MigrationInterface {
  name = 'CreateOutboxLease1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS outbox_lease (
        id TINYINT UNSIGNED NOT NULL,
        holder CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
        expires_at DATETIME(3) NULL,
        rolled_at DATETIME(3) NOT NULL,
        PRIMARY KEY (id)
      ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    await runner.query('INSERT IGNORE INTO outbox_lease (id, rolled_at) VALUES (1, UTC_TIMESTAMP(3))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS outbox_lease');
  }
}
