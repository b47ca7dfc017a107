import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddSlugSince1764000000006 implements MigrationInterface {
  name = 'AddSlugSince1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'slug_since')) return;
    await runner.query('ALTER TABLE connections ADD COLUMN slug_since DATETIME(3) NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'slug_since')) await runner.dropColumn('connections', 'slug_since');
  }
}
