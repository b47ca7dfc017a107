import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds to API tokens when and why what was sent with them was last refused. It may be run again. */
export class AddRefusals1764000000090 implements MigrationInterface {
  name = 'AddRefusals1764000000090';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('access_tokens', 'last_refusal')) return;
    await runner.query(`
      ALTER TABLE access_tokens
        ADD COLUMN last_refused_at DATETIME(3) NULL,
        ADD COLUMN last_refusal VARCHAR(512) NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE access_tokens DROP COLUMN last_refused_at, DROP COLUMN last_refusal');
  }
}
