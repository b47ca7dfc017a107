import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddDeletion1764000000021 implements MigrationInterface {
  name = 'AddDeletion1764000000021';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'deletion')) return;
    await runner.query('ALTER TABLE connections ADD COLUMN deletion JSON NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'deletion')) await runner.dropColumn('connections', 'deletion');
  }
}
