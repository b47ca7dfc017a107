/** The teams that each source org can page, in memory, and the feed that applies the tables. */
export type { Backup, DirectoryFact, FormerHandle } from './facts.ts';
export { type FedRegistry, offeringCards, RegistryFeed, registryCards } from './feed/registry-feed.ts';
export { HandleRegistry } from './handle-registry.ts';
export { plainName } from './questions/resolve.ts';
export type * from './resolution.ts';
