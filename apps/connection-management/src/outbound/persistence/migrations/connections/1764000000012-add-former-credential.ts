import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The fingerprint of the key pair, and the former pair. One statement, so that both columns are added or neither. */
export class AddFormerCredential1764000000012 implements MigrationInterface {
  name = 'AddFormerCredential1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('connections', 'key_fingerprint')) return;
    await runner.query(
      'ALTER TABLE connections ADD COLUMN key_fingerprint VARCHAR(66) CHARACTER SET ascii COLLATE ascii_bin NULL, ADD COLUMN former_credential JSON NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn('connections', 'key_fingerprint'))) return;
    await runner.query('ALTER TABLE connections DROP COLUMN key_fingerprint, DROP COLUMN former_credential');
  }
}
