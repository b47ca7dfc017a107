import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddFormerSlugs1764000000013 implements MigrationInterface {
  name = 'AddFormerSlugs1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'former_slugs')) return;
    await runner.query('ALTER TABLE connections ADD COLUMN former_slugs JSON NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'former_slugs')) await runner.dropColumn('connections', 'former_slugs');
  }
}
