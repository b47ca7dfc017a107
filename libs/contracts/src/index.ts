/** The topics, their schemas, and the encoding and decoding of their events. Independent of brokers. */
export { type AccessTokenUse, maxRefusalLength } from './access-token-uses/card.ts';
export type { AccessToken } from './access-tokens/card.ts';
export type { Alert } from './alerts/card.ts';
export { alertsCardOf, orgAlertsCard, orgAlertsGroup, orgAlertTopicOf, ownerOf } from './alerts/card.ts';
export { type AuditRecord, noSourceOrg } from './audit/card.ts';
export { handlerOf, services, type TopicCard } from './card.ts';
export type { ConnectionReport } from './connection-reports/card.ts';
export * from './connection-reports/faults.ts';
export { type Connection, type Share, shares } from './connections/card.ts';
export { type Contract, contractOf, eventSchemaOf, maxValueBytes } from './contract.ts';
export type { Directory } from './directories/card.ts';
export * from './event.ts';
export { changeKinds, type HandleChange } from './handle-changes/card.ts';
export { type Handle, handleKey, handleKeyParts } from './handles/card.ts';
export type { IntakeEpisode } from './intake-episodes/card.ts';
export { type Integration, integrationKeyOf } from './integrations/card.ts';
export * from './owner-epoch.ts';
export {
  type Command,
  maxPageDescriptionLength,
  type PageCommand,
  type ResolveCommand,
} from './page-commands/card.ts';
export { clockToleranceMs, isLater, laterRecord, type Occurrence, timeOfEvent } from './page-commands/event-order.ts';
export {
  type ListedOutcome,
  listedOutcomes,
  type OutcomeKind,
  outcomes,
  type PageOutcome,
} from './page-outcomes/card.ts';
export {
  type AlertRecord,
  type AlertState,
  maxErrorLength,
  maxJoined,
  maxPageBytes,
  maxTitleLength,
  type OutcomeWatermark,
  type PageState,
  type PageStatus,
} from './page-states/card.ts';
export { maxRefusedLength, type RefusedAlert } from './refused-alerts/card.ts';
export * from './replay.ts';
export { defaultFailoverSeconds, failoverBounds, matchedHow } from './schema/fields.ts';
export { linkDays, maxTokenLength, SnapshotLinks, type SnapshotOf } from './snapshot-links/snapshot-links.ts';
export type { SourceOrg } from './source-orgs/card.ts';
export type { SyncRequest } from './sync-requests/card.ts';
export { type Entry, entryOf, reservedKeyPrefix } from './table.ts';
export { type TopicDefinition, topicDefinitionsOf } from './topic-definitions.ts';
export * from './topics.ts';
export { nextTraceparent } from './trace.ts';
export { type UnroutedHandle, type UnroutedReason, unroutedReasons } from './unrouted-handles/card.ts';
