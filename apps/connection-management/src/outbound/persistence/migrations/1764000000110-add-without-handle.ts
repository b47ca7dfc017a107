import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds to API tokens when alerts sent with them last named no handle, and how many. It may be run again. */
export class AddWithoutHandle1764000000110 implements MigrationInterface {
  name = 'AddWithoutHandle1764000000110';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('access_tokens', 'last_without_handle')) return;
    await runner.query(`
      ALTER TABLE access_tokens
        ADD COLUMN last_without_handle_at DATETIME(3) NULL,
        ADD COLUMN last_without_handle INT UNSIGNED NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE access_tokens DROP COLUMN last_without_handle_at, DROP COLUMN last_without_handle');
  }
}
