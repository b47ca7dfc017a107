import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The topics from which the alerts of a source org are read, and since when. */
export class AddAlertTopic1764000000051 implements MigrationInterface {
  name = 'AddAlertTopic1764000000051';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('source_orgs', 'alert_topic')) return;
    await runner.query(
      "ALTER TABLE source_orgs ADD COLUMN alert_topic VARCHAR(6) NOT NULL DEFAULT 'shared', ADD COLUMN alert_topic_since DATETIME(3) NULL",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('source_orgs', 'alert_topic')) {
      await runner.query('ALTER TABLE source_orgs DROP COLUMN alert_topic, DROP COLUMN alert_topic_since');
    }
  }
}
