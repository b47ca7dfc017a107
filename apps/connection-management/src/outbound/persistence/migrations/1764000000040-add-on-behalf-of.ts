import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An actor is an issuer and a subject of up to 256 characters each. On whose behalf it acts has its own column. */
export class AddOnBehalfOf1764000000040 implements MigrationInterface {
  name = 'AddOnBehalfOf1764000000040';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('audit_entries', 'on_behalf_of')) return;
    await runner.query(
      'ALTER TABLE audit_entries MODIFY actor VARCHAR(513) NOT NULL, ADD COLUMN on_behalf_of VARCHAR(128) NULL AFTER actor',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('audit_entries', 'on_behalf_of'))
      await runner.dropColumn('audit_entries', 'on_behalf_of');
  }
}
