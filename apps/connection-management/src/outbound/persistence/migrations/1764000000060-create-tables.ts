import type { MigrationInterface, QueryRunner } from 'typeorm';

const ascii = 'CHARACTER SET ascii COLLATE ascii_bin';
const text = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** The tables, and their columns and keys. */
const tables: Readonly<Record<string, string>> = {
  connections: `
    id CHAR(36) ${ascii} NOT NULL,
    source_org VARCHAR(63) ${ascii} NOT NULL,
    name VARCHAR(100) NOT NULL,
    name_key VARCHAR(200) NOT NULL,
    slug VARCHAR(63) ${ascii} NOT NULL,
    data_center VARCHAR(32) ${ascii} NOT NULL,
    destination_org_id VARCHAR(128) NOT NULL,
    destination_org_name VARCHAR(256) NOT NULL,
    enabled TINYINT NOT NULL,
    version INT UNSIGNED NOT NULL,
    state_revision INT UNSIGNED NOT NULL,
    created_at DATETIME(3) NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    sealed_credential TEXT ${ascii} NOT NULL,
    credential_revision INT UNSIGNED NOT NULL,
    api_key_last4 VARCHAR(4) NOT NULL,
    application_key_last4 VARCHAR(4) NOT NULL,
    accepted_at DATETIME(3) NOT NULL,
    checked_at DATETIME(3) NOT NULL,
    check_status VARCHAR(8) ${ascii} NOT NULL,
    checks JSON NOT NULL,
    health JSON NOT NULL,
    failover JSON NULL,
    slug_since DATETIME(3) NULL,
    key_fingerprint VARCHAR(66) ${ascii} NULL,
    former_credential JSON NULL,
    former_slugs JSON NULL,
    sole_destination VARCHAR(161) NULL,
    deletion JSON NULL,
    service_account_id VARCHAR(128) NULL,
    directory_since DATETIME(3) NULL,
    PRIMARY KEY (id),
    UNIQUE KEY connections_name (source_org, name_key),
    UNIQUE KEY connections_slug (source_org, slug),
    UNIQUE KEY connections_sole_destination (source_org, sole_destination),
    KEY connections_page (source_org, id)`,
  source_orgs: `
    source_org VARCHAR(63) ${ascii} NOT NULL,
    local_handles JSON NOT NULL,
    fallback_handle VARCHAR(195) NULL,
    version INT UNSIGNED NOT NULL,
    updated_at DATETIME(3) NOT NULL,
    alert_topic VARCHAR(6) NOT NULL DEFAULT 'shared',
    alert_topic_since DATETIME(3) NULL,
    PRIMARY KEY (source_org)`,
  audit_entries: `
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    source_org VARCHAR(63) ${ascii} NOT NULL,
    actor VARCHAR(513) NOT NULL,
    on_behalf_of VARCHAR(128) NULL,
    action VARCHAR(32) ${ascii} NOT NULL,
    target VARCHAR(63) ${ascii} NOT NULL,
    before_change JSON NULL,
    after_change JSON NULL,
    request_id VARCHAR(128) NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (id),
    KEY audit_entries_page (source_org, id)`,
  access_tokens: `
    id CHAR(36) ${ascii} NOT NULL,
    source_org VARCHAR(63) ${ascii} NOT NULL,
    name VARCHAR(100) NOT NULL,
    role VARCHAR(16) ${ascii} NULL,
    permissions JSON NULL,
    hash CHAR(64) ${ascii} NOT NULL,
    last4 CHAR(4) ${ascii} NOT NULL,
    created_at DATETIME(3) NOT NULL,
    created_by VARCHAR(512) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    revoked_at DATETIME(3) NULL,
    last_used_at DATETIME(3) NULL,
    version INT UNSIGNED NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY access_tokens_hash (hash),
    KEY access_tokens_page (source_org, id),
    KEY access_tokens_expiry (expires_at)`,
  // What the audit last recorded of the access policy for a source org, or for all of them (`*`).
  access_policy: `
    source_org VARCHAR(63) ${ascii} NOT NULL,
    rules JSON NOT NULL,
    PRIMARY KEY (source_org)`,
  outbox: `
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    topic VARCHAR(249) ${ascii} NOT NULL,
    record_key VARCHAR(600) NOT NULL,
    value MEDIUMBLOB NULL,
    headers JSON NOT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id)`,
  // One row: which relay may publish, and until when; and when segments last rolled.
  outbox_lease: `
    id TINYINT UNSIGNED NOT NULL,
    holder CHAR(36) ${ascii} NULL,
    expires_at DATETIME(3) NULL,
    rolled_at DATETIME(3) NOT NULL,
    PRIMARY KEY (id)`,
  // The counters of rate limits, and when they expire. The columns and their order are those that rate-limiter-flexible writes. The key is
  // ASCII, so that letter case distinguishes owners.
  limits: `
    \`key\` VARCHAR(255) ${ascii} NOT NULL,
    points INT NOT NULL,
    expire BIGINT UNSIGNED NULL,
    PRIMARY KEY (\`key\`),
    KEY limits_expire (expire)`,
};

/** Creates what is missing. MySQL commits each of these statements by itself, so they may be run again. */
export class CreateTables1764000000060 implements MigrationInterface {
  name = 'CreateTables1764000000060';

  async up(runner: QueryRunner): Promise<void> {
    // The last column that former migrations added: what they have left is whole, or too old.
    if ((await runner.hasTable('source_orgs')) && !(await runner.hasColumn('source_orgs', 'alert_topic')))
      throw new Error('the tables are older than any version from which an upgrade is supported');
    for (const [name, columns] of Object.entries(tables))
      await runner.query(`CREATE TABLE IF NOT EXISTS ${name} (${columns}) ${text}`);
    await runner.query('INSERT IGNORE INTO outbox_lease (id, rolled_at) VALUES (1, UTC_TIMESTAMP(3))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE IF EXISTS ${Object.keys(tables).join(', ')}`);
  }
}
