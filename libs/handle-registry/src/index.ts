/** Which teams each source org can page, in memory. Reads no topic and no clock: whoever owns one applies the facts. */
export type { Backup, ConnectionFact, FormerHandle, HandleFact, SourceOrgFact } from './facts.ts';
export { HandleRegistry } from './handle-registry.ts';
export type * from './resolution.ts';
export { plainName } from './resolve.ts';
