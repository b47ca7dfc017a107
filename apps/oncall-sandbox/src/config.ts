import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dataCenterNamePattern, orgIdPattern, teamHandlePattern } from '@pagebridge/vocabulary';
import { neverOnboardedAnswers } from './domain/org.ts';
import type { OrgConfig, TeamConfig } from './domain/org-config.ts';
import { Fields } from './fields.ts';

export interface SandboxConfig {
  readonly host: string;
  readonly controlPort: number;
  readonly orgs: readonly OrgConfig[];
}

const demoOrgs = [
  { org: 'globex', dataCenter: 'EU1-SANDBOX', teams: ['core-infra', 'payments', { handle: 'design', onCall: false }] },
  { org: 'initech', dataCenter: 'AP1-SANDBOX', teams: ['database', 'network', 'core-platform'] },
];

/**
 * The configuration of `--config <file>` (JSON: `orgs`, `controlPort`, `host`) or, without it, of the environment.
 *
 * `SANDBOX_ORGS` is a JSON list of orgs, default two for a demonstration; `SANDBOX_CONTROL_PORT` default 0, chosen by
 * the system; `SANDBOX_HOST` default 127.0.0.1. Throws an Error whose message names what is wrong.
 */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): SandboxConfig {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' } } });
  if (values.config !== undefined) return configIn(parse(readFileSync(values.config, 'utf8'), values.config));
  const { SANDBOX_ORGS, SANDBOX_CONTROL_PORT, SANDBOX_HOST } = env;
  return configIn({
    orgs: SANDBOX_ORGS ? parse(SANDBOX_ORGS, 'SANDBOX_ORGS') : demoOrgs,
    ...(SANDBOX_CONTROL_PORT ? { controlPort: Number(SANDBOX_CONTROL_PORT) } : {}),
    ...(SANDBOX_HOST ? { host: SANDBOX_HOST } : {}),
  });
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${where} is no JSON: ${(error as Error).message}`);
  }
}

function configIn(given: unknown): SandboxConfig {
  const fields = new Fields(given, ['orgs', 'controlPort', 'host'], 'config');
  const orgs = fields.raw('orgs');
  if (!Array.isArray(orgs) || orgs.length === 0) throw new Error('config.orgs must be a list of at least one org');
  const read = orgs.map((org, index) => orgIn(org, `orgs[${index}]`));
  const names = new Set(read.map(({ org }) => org));
  if (names.size < read.length) throw new Error('config.orgs must have different names');
  return {
    host: fields.optionalText('host') ?? '127.0.0.1',
    controlPort: fields.optionalNumber('controlPort', 0) ?? 0,
    orgs: read,
  };
}

const orgFields = ['org', 'dataCenter', 'apiPort', 'pagingPort', 'teams', 'apiKey', 'applicationKey', 'neverOnboarded'];

function orgIn(given: unknown, where: string): OrgConfig {
  const fields = new Fields(given, orgFields, where);
  const teams = fields.raw('teams') ?? [];
  if (!Array.isArray(teams)) throw new Error(`${where}.teams must be a list`);
  const apiKey = fields.optionalText('apiKey');
  const applicationKey = fields.optionalText('applicationKey');
  const neverOnboarded = fields.optionalOneOf('neverOnboarded', neverOnboardedAnswers);
  return {
    org: matching(fields.text('org'), orgIdPattern, `${where}.org`),
    dataCenter: matching(fields.text('dataCenter'), dataCenterNamePattern, `${where}.dataCenter`),
    apiPort: fields.optionalNumber('apiPort', 0) ?? 0,
    pagingPort: fields.optionalNumber('pagingPort', 0) ?? 0,
    teams: teams.map((team, index) => teamConfig(team, `${where}.teams[${index}]`)),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(applicationKey === undefined ? {} : { applicationKey }),
    ...(neverOnboarded === undefined ? {} : { neverOnboarded }),
  };
}

function teamConfig(given: unknown, where: string): TeamConfig {
  const fields = new Fields(
    typeof given === 'string' ? { handle: given } : given,
    ['handle', 'name', 'id', 'onCall'],
    where,
  );
  const name = fields.optionalText('name');
  const id = fields.optionalText('id');
  return {
    handle: matching(fields.text('handle'), teamHandlePattern, `${where}.handle`),
    onCall: fields.optionalFlag('onCall') ?? true,
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { id }),
  };
}

function matching(text: string, pattern: string, where: string): string {
  if (!new RegExp(pattern).test(text)) throw new Error(`${where} must match ${pattern}`);
  return text;
}
