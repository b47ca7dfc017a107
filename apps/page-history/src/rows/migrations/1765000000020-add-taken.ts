import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds to mentions when a page was taken and closed at its destination, and an index of those not taken. It may be run again. */
export class AddTaken1765000000020 implements MigrationInterface {
  name = 'AddTaken1765000000020';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('mentions', 'taken_at')) return;
    await runner.query(`
      ALTER TABLE mentions
        ADD COLUMN taken_at DATETIME(3) NULL,
        ADD COLUMN closed_there_at DATETIME(3) NULL,
        ADD KEY mentions_untaken (source_org, state, taken_at, at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE mentions DROP KEY mentions_untaken, DROP COLUMN taken_at, DROP COLUMN closed_there_at',
    );
  }
}
