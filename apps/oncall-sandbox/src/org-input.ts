import { dataCenterNamePattern, orgIdPattern, teamHandlePattern } from '@pagebridge/vocabulary';
import type { OrgConfig, TeamConfig } from './domain/org-config.ts';
import { Fields, invalid, present } from './fields.ts';
import { rateLimitsIn, settingsIn } from './inbound/control/strictness-input.ts';

const known = [
  'org',
  'dataCenter',
  'apiPort',
  'pagingPort',
  'teams',
  'teamCount',
  'serviceAccountCount',
  'applicationKeyCount',
  'apiKey',
  'applicationKey',
  'settings',
  'rateLimits',
];

const most = { teams: 50_000, accounts: 1000, keys: 50_000, port: 65_535 };

/** Reads the configuration of an org. Throws InvalidInput. */
export function orgIn(given: unknown, where: string): OrgConfig {
  const fields = new Fields(given, known, where);
  const teams = fields.raw('teams') ?? [];
  if (!Array.isArray(teams)) throw invalid(`${where}.teams must be a list`);
  return {
    org: matching(fields.text('org'), orgIdPattern, `${where}.org`),
    dataCenter: matching(fields.text('dataCenter'), dataCenterNamePattern, `${where}.dataCenter`),
    apiPort: fields.optionalNumber('apiPort', 0, most.port) ?? 0,
    pagingPort: fields.optionalNumber('pagingPort', 0, most.port) ?? 0,
    teams: teams.map((team, index) => teamIn(team, `${where}.teams[${index}]`)),
    settings: settingsIn(fields.raw('settings') ?? {}, `${where}.settings`),
    rateLimits: rateLimitsIn(fields.raw('rateLimits') ?? {}, `${where}.rateLimits`),
    ...present({
      teamCount: fields.optionalNumber('teamCount', 0, most.teams),
      serviceAccountCount: fields.optionalNumber('serviceAccountCount', 0, most.accounts),
      applicationKeyCount: fields.optionalNumber('applicationKeyCount', 0, most.keys),
      apiKey: fields.optionalText('apiKey'),
      applicationKey: fields.optionalText('applicationKey'),
    }),
  };
}

function teamIn(given: unknown, where: string): TeamConfig {
  const fields = new Fields(
    typeof given === 'string' ? { handle: given } : given,
    ['handle', 'name', 'id', 'onCall'],
    where,
  );
  return {
    handle: matching(fields.text('handle'), teamHandlePattern, `${where}.handle`),
    onCall: fields.optionalFlag('onCall') ?? true,
    ...present({ name: fields.optionalText('name'), id: fields.optionalText('id') }),
  };
}

function matching(text: string, pattern: string, where: string): string {
  if (!new RegExp(pattern).test(text)) throw invalid(`${where} must match ${pattern}`);
  return text;
}
