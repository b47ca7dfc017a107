/** Which teams each source org can page, in memory, and how its tables are read into it. Knows no broker and no clock. */
export type { Backup, ConnectionFact, FormerHandle, HandleFact, SourceOrgFact } from './facts.ts';
export { HandleRegistry } from './handle-registry.ts';
export { type FedRegistry, RegistryFeed, registryCards } from './registry-feed.ts';
export type * from './resolution.ts';
export { plainName } from './resolve.ts';
