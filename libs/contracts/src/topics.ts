import { accessTokenUses } from './access-token-uses/card.ts';
import { accessTokens } from './access-tokens/card.ts';
import { alerts } from './alerts/card.ts';
import { audit } from './audit/card.ts';
import type { TopicCard } from './card.ts';
import { connectionReports } from './connection-reports/card.ts';
import { connections } from './connections/card.ts';
import { contractOf } from './contract.ts';
import { directories } from './directories/card.ts';
import { handleChanges } from './handle-changes/card.ts';
import { handles } from './handles/card.ts';
import { intakeEpisodes } from './intake-episodes/card.ts';
import { integrations } from './integrations/card.ts';
import { pageCommands } from './page-commands/card.ts';
import { pageOutcomes } from './page-outcomes/card.ts';
import { pageStates } from './page-states/card.ts';
import { refusedAlerts } from './refused-alerts/card.ts';
import { sourceOrgs } from './source-orgs/card.ts';
import { syncRequests } from './sync-requests/card.ts';
import { unroutedHandles } from './unrouted-handles/card.ts';

/** The cards of all topics. */
export const cards: readonly TopicCard[] = [
  alerts,
  connections,
  sourceOrgs,
  handles,
  directories,
  handleChanges,
  pageCommands,
  unroutedHandles,
  pageStates,
  pageOutcomes,
  syncRequests,
  connectionReports,
  audit,
  accessTokens,
  accessTokenUses,
  integrations,
  intakeEpisodes,
  refusedAlerts,
];

export const Alerts = contractOf(alerts);
export const Connections = contractOf(connections);
export const SourceOrgs = contractOf(sourceOrgs);
export const Handles = contractOf(handles);
export const Directories = contractOf(directories);
export const HandleChanges = contractOf(handleChanges);
export const PageCommands = contractOf(pageCommands);
export const UnroutedHandles = contractOf(unroutedHandles);
export const PageStates = contractOf(pageStates);
export const PageOutcomes = contractOf(pageOutcomes);
export const SyncRequests = contractOf(syncRequests);
export const ConnectionReports = contractOf(connectionReports);
export const Audit = contractOf(audit);
export const AccessTokens = contractOf(accessTokens);
export const AccessTokenUses = contractOf(accessTokenUses);
export const Integrations = contractOf(integrations);
export const IntakeEpisodes = contractOf(intakeEpisodes);
export const RefusedAlerts = contractOf(refusedAlerts);
