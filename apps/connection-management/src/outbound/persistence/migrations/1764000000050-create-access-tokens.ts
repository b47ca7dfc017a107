import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccessTokens1764000000050 implements MigrationInterface {
  name = 'CreateAccessTokens1764000000050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS access_tokens (
        id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        source_org VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        name VARCHAR(100) NOT NULL,
        role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
        permissions JSON NULL,
        hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        last4 CHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        created_at DATETIME(3) NOT NULL,
        created_by VARCHAR(512) NOT NULL,
        expires_at DATETIME(3) NOT NULL,
        revoked_at DATETIME(3) NULL,
        last_used_at DATETIME(3) NULL,
        version INT UNSIGNED NOT NULL,
        PRIMARY KEY (id),
        UNIQUE KEY access_tokens_hash (hash),
        KEY access_tokens_page (source_org, id),
        KEY access_tokens_expiry (expires_at)
      ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS access_tokens');
  }
}
