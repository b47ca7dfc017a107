import type { Destination } from '@pagebridge/local-stack';

/** One source org's connection to one destination, with the key made for it. */
export interface Link {
  readonly sourceOrg: string;
  readonly destination: Destination;
  readonly connectionId: string;
  /** Name of its application key in the destination; another after each rotation. */
  keyName: string;
}

/** A team of a destination as it is called now, and as it was called before. */
export interface Team {
  readonly destination: Destination;
  readonly home: string;
  handle: string;
  former: string | undefined;
}

export const sourceOrgs = ['acme-us', 'umbrella-eu'] as const;
const teamsEach = ['core', 'data', 'web'] as const;
const destinationCount = 20;
/** Each source org pages this many destinations, so that some have both. */
const destinationsEach = 14;

const nameOf = (index: number) => `d${String(index + 1).padStart(2, '0')}`;

/** Twenty destination orgs; no two teams have one handle. */
export const orgWishes = Array.from({ length: destinationCount }, (_, index) => ({
  org: nameOf(index),
  dataCenter: `CHAOS-${nameOf(index).toUpperCase()}`,
  teams: teamsEach.map((team) => `${nameOf(index)}-${team}`),
}));

export const destinationsOf = (sourceOrg: string, all: readonly Destination[]): readonly Destination[] =>
  sourceOrg === sourceOrgs[0] ? all.slice(0, destinationsEach) : all.slice(-destinationsEach);

export const teamsOf = (destinations: readonly Destination[]): Team[] =>
  destinations.flatMap((destination) =>
    destination.teams.map((handle) => ({ destination, home: handle, handle, former: undefined })),
  );
