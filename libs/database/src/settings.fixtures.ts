import { OwnDatabase } from '@pagebridge/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrate } from './migrate.ts';
import type { Schema } from './schema.ts';

class CreateSettings1764000000010 implements MigrationInterface {
  name = 'CreateSettings1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE IF NOT EXISTS settings (org CHAR(2) PRIMARY KEY, version INT NOT NULL)');
  }

  async down(): Promise<void> {}
}

class SettleOrgs1764000000020 implements MigrationInterface {
  name = 'SettleOrgs1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT IGNORE INTO settings VALUES ('eu', 0), ('us', 0)");
  }

  async down(): Promise<void> {}
}

/** A table of two rows. */
export const schema: Schema = {
  entities: [],
  migrations: [CreateSettings1764000000010, SettleOrgs1764000000020],
  rights: { settings: 'SELECT, UPDATE' },
  migrationProgram: 'the program `migrations`',
};

export const ownDatabase = () => new OwnDatabase((url) => migrate({ url }, schema, () => undefined));
