import { Alerts, orgAlertTopicOf } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import type { Destination, SandboxOrgConfig } from '@pagebridge/local-stack';

/** The size of a run. */
export interface Profile {
  /** The brokers of the cluster; each record is on all of them. */
  readonly brokers: number;
  /** The number of instances of alert-intake, of page-routing, and of page-delivery. */
  readonly each: number;
  readonly destinations: number;
  /** The session timeout of page-delivery, after which its partitions move to another instance. */
  readonly sessionTimeoutMs: number;
  /** The load continues for this time after the last fault, so that the recovery can be measured. */
  readonly loadAfterFaultsMs: number;
  /** After this silence no more records come: longer than a rebalance, and than any retry delay. */
  readonly silenceMs: number;
}

export const profiles = {
  full: {
    brokers: 3,
    each: 2,
    destinations: 20,
    sessionTimeoutMs: 10_000,
    loadAfterFaultsMs: 8_000,
    silenceMs: 40_000,
  },
  /** Starts within seconds, for defects that show without a cluster. */
  small: {
    brokers: 1,
    each: 1,
    destinations: 4,
    sessionTimeoutMs: 6_000,
    loadAfterFaultsMs: 3_000,
    silenceMs: 12_000,
  },
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof profiles;

/** One source org's connection to one destination, with its own application key. */
export interface Link {
  readonly sourceOrg: string;
  readonly destination: Destination;
  /** Changes when the connection is deleted and created again. */
  connectionId: string;
  /** The name of its application key in the destination; changes with each rotation. */
  keyName: string;
  /** The link to which its pages fail over. */
  backup: Link | undefined;
}

/** A team of a destination with its present and former handle. */
export interface Team {
  readonly destination: Destination;
  readonly home: string;
  handle: string;
  former: string | undefined;
}

export const sourceOrgs = ['acme-us', 'umbrella-eu'] as const;
/** The alert topics of each org: the shared and its own, or its own only. */
export const alertTopics = { 'acme-us': 'both', 'umbrella-eu': 'own' } as const;

/** Returns the topic for all events of one alert, which must keep their order. */
export function alertTopicOf(sourceOrg: (typeof sourceOrgs)[number], alertKey: string): string {
  const isShared = alertTopics[sourceOrg] === 'both' && partitionFor(alertKey, 2) === 0;
  return isShared ? Alerts.card.topic : orgAlertTopicOf(sourceOrg);
}
/** The org with hostile producers; it pages its own destination, and one that others page too. */
export const hostileOrg = 'mallory-ap';
export const hostileOrgConfig = {
  org: 'mallory-oncall',
  dataCenter: 'CHAOS-MALLORY',
  teams: ['mallory-core', 'mallory-data'],
} as const;
/** The org that floods its own destination, so that everybody else is its neighbour. */
export const floodOrg = 'hooli-us';
export const floodOrgConfig = { org: 'hooli-oncall', dataCenter: 'CHAOS-HOOLI', teams: ['hooli-core'] } as const;
const teamsEach = ['core', 'data', 'web'] as const;
/** Each source org pages this share of the destinations, so that they share some. */
const shareEach = 0.7;

const nameOf = (index: number) => `d${String(index + 1).padStart(2, '0')}`;

/** A low limit, so that the lists and rules of a large destination take several periods. */
const rateLimits = { everyEndpoint: { limit: 100, periodSeconds: 10 } };
/** Every fifth destination has this many more teams that are not on call and sorted first, so that its list has two pages. */
const idleTeams = 100;

/** Returns whether the list of its teams has more than one page. */
export const isLarge = (org: string): boolean => Number(org.slice(1)) % 5 === 3;

/** Returns destination orgs that limit each endpoint; no two teams have the same handle. */
export const orgConfigs = (count: number): SandboxOrgConfig[] =>
  Array.from({ length: count }, (_, index) => {
    const org = nameOf(index);
    const idle = Array.from({ length: isLarge(org) ? idleTeams : 0 }, (_none, n) => `${org}-a${n + 100}`);
    const teams = [...idle.map((handle) => ({ handle, onCall: false })), ...teamsEach.map((team) => `${org}-${team}`)];
    return { org, dataCenter: `CHAOS-${org.toUpperCase()}`, teams, rateLimits, settings: { teamOrder: 'changing' } };
  });

/** Returns the destinations that this source org pages. */
export function destinationsOf(sourceOrg: string, all: readonly Destination[]): readonly Destination[] {
  const count = Math.ceil(shareEach * all.length);
  return sourceOrg === sourceOrgs[0] ? all.slice(0, count) : all.slice(-count);
}

export const teamsOf = (destinations: readonly Destination[]): Team[] =>
  destinations.flatMap((destination) =>
    destination.teams.map((handle) => ({ destination, home: handle, handle, former: undefined })),
  );

/** Makes some links of a source org fail over to its first link, which is never deleted. */
export function backUp(links: readonly Link[]): void {
  const [backup, ...others] = links;
  for (const link of others.slice(0, backedUpEach)) link.backup = backup;
}

const backedUpEach = 5;
const failoverLimits = { afterFailures: 3, afterSeconds: 6 };

/** Returns the request fields that make a link fail over. */
export const failoverOf = ({ backup }: Link) =>
  backup && {
    failover: { connectionId: backup.connectionId, teamHandle: backup.destination.teams[1], ...failoverLimits },
  };
