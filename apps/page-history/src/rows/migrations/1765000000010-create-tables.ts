import type { MigrationInterface, QueryRunner } from 'typeorm';

const ascii = 'CHARACTER SET ascii COLLATE ascii_bin';
const options = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
// The service adds a partition for each day, and drops what is old.
const byDay = 'PARTITION BY RANGE (day) (PARTITION pmax VALUES LESS THAN MAXVALUE)';

/** Creates all tables. It may be run again. */
export class CreateTables1765000000010 implements MigrationInterface {
  name = 'CreateTables1765000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS records (
        id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
        day INT UNSIGNED NOT NULL,
        topic VARCHAR(249) ${ascii} NOT NULL,
        topic_partition INT UNSIGNED NOT NULL,
        topic_offset BIGINT UNSIGNED NOT NULL,
        at DATETIME(3) NOT NULL,
        kind VARCHAR(12) ${ascii} NOT NULL,
        source_org VARCHAR(63) ${ascii} NOT NULL,
        record_key VARBINARY(2200) NOT NULL,
        subject CHAR(32) ${ascii} NULL,
        event_id VARCHAR(256) NULL,
        title VARCHAR(1024) COLLATE utf8mb4_unicode_ci NULL,
        value MEDIUMBLOB NULL,
        headers MEDIUMTEXT NOT NULL,
        PRIMARY KEY (id, day),
        UNIQUE KEY records_place (topic, topic_partition, topic_offset, at, day),
        KEY records_key (record_key(160), id),
        KEY records_subject (subject, id),
        KEY records_news (source_org, id),
        KEY records_list (source_org, kind, at, id)
      ) ${options} ${byDay}`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS mentions (
        id CHAR(32) ${ascii} NOT NULL,
        day INT UNSIGNED NOT NULL,
        firing CHAR(32) ${ascii} NOT NULL,
        source_org VARCHAR(63) ${ascii} NOT NULL,
        alert_key VARCHAR(512) NOT NULL,
        event_id VARCHAR(256) NOT NULL,
        at DATETIME(3) NOT NULL,
        handle VARCHAR(300) NOT NULL,
        title VARCHAR(1024) COLLATE utf8mb4_unicode_ci NOT NULL,
        urgency VARCHAR(8) ${ascii} NULL,
        page_id VARCHAR(64) ${ascii} NULL,
        backs VARCHAR(64) ${ascii} NULL,
        connection_id CHAR(36) ${ascii} NULL,
        team_handle VARCHAR(195) NULL,
        state VARCHAR(13) ${ascii} NOT NULL,
        state_at DATETIME(3) NULL,
        replayed_at DATETIME(3) NULL,
        accepted_at DATETIME(3) NULL,
        reason VARCHAR(64) NULL,
        detail VARCHAR(1024) NULL,
        attempts INT UNSIGNED NOT NULL,
        possible_duplicate BOOLEAN NOT NULL,
        destination_page_id VARCHAR(256) NULL,
        next_attempt_at DATETIME(3) NULL,
        given_up_at DATETIME(3) NULL,
        PRIMARY KEY (id, day),
        KEY mentions_firing (firing),
        KEY mentions_page (page_id),
        KEY mentions_destination_page (destination_page_id(64)),
        KEY mentions_list (source_org, at, id),
        KEY mentions_state (source_org, state, at, id),
        KEY mentions_handle (source_org, handle(64), at, id),
        KEY mentions_connection (source_org, connection_id, at, id),
        KEY mentions_count (source_org, connection_id, state, accepted_at)
      ) ${options} ${byDay}`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS positions (
        topic VARCHAR(249) ${ascii} NOT NULL,
        topic_partition INT UNSIGNED NOT NULL,
        next_offset BIGINT UNSIGNED NOT NULL,
        kept_since DATETIME(3) NULL,
        left_out INT UNSIGNED NOT NULL DEFAULT 0,
        left_out_at DATETIME(3) NULL,
        PRIMARY KEY (topic, topic_partition)
      ) ${options}`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS reader (
        id TINYINT UNSIGNED NOT NULL,
        holder CHAR(36) ${ascii} NOT NULL,
        held_until DATETIME(3) NOT NULL,
        as_of DATETIME(3) NULL,
        lag JSON NOT NULL,
        PRIMARY KEY (id)
      ) ${options}`);
    await runner.query(
      "INSERT IGNORE INTO reader (id, holder, held_until, lag) VALUES (1, '', UTC_TIMESTAMP(3), '[]')",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['reader', 'positions', 'mentions', 'records']) await runner.query(`DROP TABLE ${table}`);
  }
}
