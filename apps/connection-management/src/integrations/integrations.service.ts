import { Inject, Injectable } from '@nestjs/common';
import { systemClock as clock, Problem } from '@pagebridge/service';
import { found } from '../application/found.ts';
import type { Page, PageQuery, Reads, Store, Unit } from '../application/ports.ts';
import { problems } from '../application/problems.ts';
import { requireVersion } from '../application/require-version.ts';
import { revokeLocked } from '../application/tokens/revoke-token.use-case.ts';
import type { Caller } from '../domain/audit.ts';
import { READS, STORE } from '../tokens.ts';
import type { Integration } from './integration.entity.ts';
import {
  auditViewOfIntegration,
  changed,
  type IntegrationChange,
  type IntegrationInput,
  maxIntegrations,
  newIntegration,
} from './integration.ts';

/** Names an integration, and the version of it that the caller has read. */
interface SeenIntegration {
  readonly sourceOrg: string;
  readonly name: string;
  readonly ifMatch: string | undefined;
}

/** The integrations of source orgs. Each change is one transaction with its entry in the audit and its record for Kafka. */
@Injectable()
export class IntegrationsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(READS) private readonly reads: Reads,
  ) {}

  list(sourceOrg: string, query: PageQuery): Promise<Page<Integration>> {
    return this.reads.integrations(sourceOrg, query);
  }

  async read(sourceOrg: string, name: string): Promise<Integration> {
    return found(await this.reads.integration(sourceOrg, name), `integration ${name}`);
  }

  create(sourceOrg: string, input: IntegrationInput, caller: Caller): Promise<Integration> {
    return this.store.transaction(async (unit) => {
      const names = await unit.integrations.lockNames(sourceOrg);
      if (names.includes(input.name)) throw taken();
      if (names.length >= maxIntegrations) throw tooMany();
      const now = clock.now();
      const made = newIntegration(sourceOrg, input, now);
      await unit.integrations.insert(made);
      const views = { before: null, after: auditViewOfIntegration(made) };
      await unit.audit({ ...caller, sourceOrg, action: 'integration.created', target: made.name, ...views, at: now });
      await unit.publish({ kind: 'integration', integration: made });
      return made;
    });
  }

  /** Without a difference nothing is stored. */
  change(seen: SeenIntegration, change: IntegrationChange, caller: Caller): Promise<Integration> {
    return this.store.transaction(async (unit) => {
      const before = await lockedIntegration(unit, seen);
      const now = clock.now();
      const after = changed(before, change, now);
      if (after === before) return before;
      const { sourceOrg, name, ...columns } = after;
      await unit.integrations.update({ sourceOrg, name }, columns);
      const views = { before: auditViewOfIntegration(before), after: auditViewOfIntegration(after) };
      await unit.audit({ ...caller, sourceOrg, action: 'integration.changed', target: name, ...views, at: now });
      await unit.publish({ kind: 'integration', integration: after });
      return after;
    });
  }

  /** Revokes the tokens of the integration too: they would be good for a later integration of its name. */
  delete(seen: SeenIntegration, caller: Caller): Promise<void> {
    return this.store.transaction(async (unit) => {
      const before = await lockedIntegration(unit, seen);
      const { sourceOrg, name } = before;
      const now = clock.now();
      await revokeLocked(unit, await unit.tokens.lockLive(sourceOrg, name, now), caller, now);
      await unit.integrations.delete({ sourceOrg, name });
      const views = { before: auditViewOfIntegration(before), after: null };
      await unit.audit({ ...caller, sourceOrg, action: 'integration.deleted', target: name, ...views, at: now });
      await unit.publish({ kind: 'integration-deleted', sourceOrg, name });
    });
  }
}

/** Locks an integration. Throws if it does not exist or has changed. */
async function lockedIntegration(unit: Unit, { sourceOrg, name, ifMatch }: SeenIntegration): Promise<Integration> {
  const integration = found(await unit.integrations.lock(sourceOrg, name), `integration ${name}`);
  requireVersion(ifMatch, integration.version);
  return integration;
}

function taken(): Problem {
  const its = 'nother integration of this source org has this name';
  const cure = 'Use another name, or change the integration that has this name.';
  const errors = [{ field: 'name', message: `name is already used: a${its}`, cure }];
  return new Problem({ ...problems['name-taken'], detail: `A${its}. Nothing was stored.`, errors });
}

function tooMany(): Problem {
  const detail = `This source org has ${maxIntegrations} integrations, which is the maximum. Nothing was stored. Delete an unused integration.`;
  return new Problem({ ...problems['too-many-integrations'], detail });
}
