import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddDirectory1764000000022 implements MigrationInterface {
  name = 'AddDirectory1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'service_account_id')) return;
    await runner.query(
      'ALTER TABLE connections ADD COLUMN service_account_id VARCHAR(128) NULL, ADD COLUMN directory_since DATETIME(3) NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of ['service_account_id', 'directory_since']) {
      if (await runner.hasColumn('connections', column)) await runner.dropColumn('connections', column);
    }
  }
}
