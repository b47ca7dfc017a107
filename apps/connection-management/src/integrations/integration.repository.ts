import { Repository } from 'typeorm';
import { lockName } from '../outbound/limits/named-lock.ts';
import type { Integration } from './integration.entity.ts';

/** The integrations in a transaction. */
export class IntegrationRepository extends Repository<Integration> {
  /** Reads an integration and locks it until the end of the transaction. */
  async lock(sourceOrg: string, name: string): Promise<Integration | undefined> {
    return (await this.findOne({ where: { sourceOrg, name }, lock: { mode: 'pessimistic_write' } })) ?? undefined;
  }

  /** Returns the names of the integrations of a source org. Nobody else can add one until the end of the transaction. */
  async lockNames(sourceOrg: string): Promise<readonly string[]> {
    await lockName(this.manager, `integrations:${sourceOrg}`);
    const rows = await this.find({ where: { sourceOrg }, select: { name: true } });
    return rows.map(({ name }) => name);
  }
}
