import { createHash } from 'node:crypto';

const digestOf = (...parts: readonly string[]): string => createHash('md5').update(JSON.stringify(parts)).digest('hex');

/** An alert that fires or recovers. Some producers use an event id again, so the time is part of it. */
export interface Firing {
  readonly sourceOrg: string;
  readonly alertKey: string;
  readonly alertEventId: string;
  readonly occurredAt: string;
}

export const ofFiring = ({ sourceOrg, alertKey, alertEventId, occurredAt }: Firing): string =>
  digestOf('firing', sourceOrg, alertKey, alertEventId, occurredAt);

export const ofPage = (its: { readonly sourceOrg: string; readonly pageId: string }): string =>
  digestOf('page', its.sourceOrg, its.pageId);

export const ofHandle = (its: Firing & { readonly handle: string }): string =>
  digestOf('handle', ofFiring(its), its.handle);
