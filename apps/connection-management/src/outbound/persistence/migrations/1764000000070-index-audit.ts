import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the audit of a source org may be searched by, each with the order of its list. `audit_entries_page` stays for instances of the former
 * version, which list by id.
 */
const keys = {
  audit_entries_at: 'source_org, at, id',
  audit_entries_action: 'source_org, action, at, id',
  audit_entries_actor: 'source_org, actor, at, id',
  audit_entries_target: 'source_org, target, at, id',
};
const each = (change: (name: string, columns: string) => string): string =>
  Object.entries(keys)
    .map(([name, columns]) => change(name, columns))
    .join(', ');

/** Adds indexes to the audit, all of them by one statement, or none. Rows may be added meanwhile. */
export class IndexAudit1764000000070 implements MigrationInterface {
  name = 'IndexAudit1764000000070';

  async up(runner: QueryRunner): Promise<void> {
    const table = await runner.getTable('audit_entries');
    if (table?.indices.some(({ name }) => name === 'audit_entries_at')) return;
    await runner.query(`ALTER TABLE audit_entries ${each((name, columns) => `ADD KEY ${name} (${columns})`)}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE audit_entries ${each((name) => `DROP KEY ${name}`)}`);
  }
}
