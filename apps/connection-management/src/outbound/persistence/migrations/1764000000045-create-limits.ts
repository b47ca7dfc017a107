import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The counters of rate limits, and when they expire. The columns and their order are those that rate-limiter-flexible writes.
 * The key is ASCII, so that letter case distinguishes owners.
 */
export class CreateLimits1764000000045 implements MigrationInterface {
  name = 'CreateLimits1764000000045';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS limits (
        \`key\` VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        points INT NOT NULL,
        expire BIGINT UNSIGNED NULL,
        PRIMARY KEY (\`key\`),
        KEY limits_expire (expire)
      ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS limits');
  }
}
