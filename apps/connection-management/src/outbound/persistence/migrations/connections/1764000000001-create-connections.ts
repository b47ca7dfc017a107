import type { MigrationInterface, QueryRunner } from 'typeorm';

/** MySQL commits each DDL statement by itself, so each migration is one statement that may be run again. */
export class CreateConnections1764000000001 implements MigrationInterface {
  name = 'CreateConnections1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS connections (
        id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        source_org VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        name VARCHAR(100) NOT NULL,
        name_key VARCHAR(200) NOT NULL,
        slug VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        data_center VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        destination_org_id VARCHAR(128) NOT NULL,
        destination_org_name VARCHAR(256) NOT NULL,
        enabled TINYINT NOT NULL,
        version INT UNSIGNED NOT NULL,
        state_revision INT UNSIGNED NOT NULL,
        created_at DATETIME(3) NOT NULL,
        updated_at DATETIME(3) NOT NULL,
        sealed_credential TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        credential_revision INT UNSIGNED NOT NULL,
        api_key_last4 VARCHAR(4) NOT NULL,
        application_key_last4 VARCHAR(4) NOT NULL,
        accepted_at DATETIME(3) NOT NULL,
        checked_at DATETIME(3) NOT NULL,
        check_status VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        checks JSON NOT NULL,
        health JSON NOT NULL,
        PRIMARY KEY (id),
        UNIQUE KEY connections_name (source_org, name_key),
        UNIQUE KEY connections_slug (source_org, slug),
        KEY connections_page (source_org, id)
      ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS connections');
  }
}
