import { onConnection } from '@pagebridge/database';
import type { Log } from '@pagebridge/vocabulary';
import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** The maximum number of series: more keys are not in use at once. */
const maxKids = 20;

// The header of a seal, its first part, is base64url of JSON with the id of the key. Each header contains a key of its own, so
// headers cannot be compared as text. A text that is not a seal counts under the empty id.
const header = "REPLACE(REPLACE(SUBSTRING_INDEX(sealed, '.', 1), '-', '+'), '_', '/')";
const padded = `RPAD(${header}, CEIL(LENGTH(${header}) / 4) * 4, '=')`;
const json = `CONVERT(FROM_BASE64(${padded}) USING utf8mb4)`;
const kidOfSeal = `COALESCE(IF(JSON_VALID(${json}), JSON_UNQUOTE(JSON_EXTRACT(${json}, '$.kid')), NULL), '')`;
const counted = `
  SELECT ${kidOfSeal} AS kid, COUNT(*) AS credentials FROM (
    SELECT sealed_credential AS sealed FROM connections
    UNION ALL
    SELECT JSON_UNQUOTE(JSON_EXTRACT(former_credential, '$.sealed')) FROM connections
      WHERE former_credential IS NOT NULL AND JSON_TYPE(former_credential) <> 'NULL'
  ) AS seals
  GROUP BY kid ORDER BY credentials DESC LIMIT ${maxKids}`;

// A scrape must not wait long for a database that is away.
const withinMs = 3000;
/** A count reads the whole table, about 0.3 s for 16,000 connections, so the next one waits this many times its duration. */
const restFactor = 20;

/**
 * Exports how many credentials are sealed for which key, former pairs included. The counts may be slightly old. The present key
 * has a series even at 0.
 */
export class CredentialsByKid {
  private nextAt = 0;

  constructor(
    registry: Registry,
    private readonly dataSource: DataSource,
    private readonly presentKid: string,
    private readonly log: Log,
  ) {
    const gauge: Gauge<'kid'> = new Gauge({
      name: 'pagebridge_credentials_by_kid',
      help: 'Credentials in the database, by the id of the key for which they are sealed.',
      labelNames: ['kid'],
      registers: [registry],
      collect: () => this.show(gauge),
    });
  }

  private async show(gauge: Gauge<'kid'>): Promise<void> {
    if (performance.now() < this.nextAt) return;
    this.nextAt = Number.POSITIVE_INFINITY;
    const startedAt = performance.now();
    try {
      const counts = await onConnection(this.dataSource, ({ manager }) => manager.query<CountRow[]>(counted), withinMs);
      gauge.reset();
      gauge.set({ kid: this.presentKid }, 0);
      for (const { kid, credentials } of counts) gauge.set({ kid }, Number(credentials));
    } catch (error) {
      // The scrape still has all other metrics, and no count is better than an old one.
      gauge.reset();
      this.log.debug({ cause: String(error) }, 'counting credentials by key failed');
    } finally {
      const now = performance.now();
      this.nextAt = now + restFactor * (now - startedAt);
    }
  }
}

interface CountRow {
  readonly kid: string;
  readonly credentials: string;
}
