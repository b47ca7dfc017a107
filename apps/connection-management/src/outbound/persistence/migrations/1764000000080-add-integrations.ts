import type { MigrationInterface, QueryRunner } from 'typeorm';

const ascii = 'CHARACTER SET ascii COLLATE ascii_bin';

/** Adds integrations, and the integration that an API token names. MySQL commits each statement by itself, so they may be run again. */
export class AddIntegrations1764000000080 implements MigrationInterface {
  name = 'AddIntegrations1764000000080';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS integrations (
        source_org VARCHAR(63) ${ascii} NOT NULL,
        name VARCHAR(40) ${ascii} NOT NULL,
        kind VARCHAR(16) ${ascii} NOT NULL,
        default_handle VARCHAR(195) ${ascii} NULL,
        no_default_for JSON NOT NULL,
        severities JSON NOT NULL,
        repeat_hours TINYINT UNSIGNED NOT NULL,
        version INT UNSIGNED NOT NULL,
        created_at DATETIME(3) NOT NULL,
        updated_at DATETIME(3) NOT NULL,
        PRIMARY KEY (source_org, name)
      ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    if (await runner.hasColumn('access_tokens', 'integration')) return;
    await runner.query(`
      ALTER TABLE access_tokens
        ADD COLUMN integration VARCHAR(40) ${ascii} NULL,
        ADD KEY access_tokens_integration (source_org, integration, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE access_tokens DROP KEY access_tokens_integration, DROP COLUMN integration');
    await runner.query('DROP TABLE integrations');
  }
}
