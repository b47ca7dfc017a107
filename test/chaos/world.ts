import { Alerts, orgAlertTopicOf } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import type { Destination, SandboxOrgConfig } from '@pagebridge/local-stack';

/** One source org's connection to one destination, with the key made for it. */
export interface Link {
  readonly sourceOrg: string;
  readonly destination: Destination;
  /** Another after it was deleted and made anew. */
  connectionId: string;
  /** Name of its application key in the destination; another after each rotation. */
  keyName: string;
  /** The link that its pages fail over to. */
  backup: Link | undefined;
}

/** A team of a destination as it is called now, and as it was called before. */
export interface Team {
  readonly destination: Destination;
  readonly home: string;
  handle: string;
  former: string | undefined;
}

export const sourceOrgs = ['acme-us', 'umbrella-eu'] as const;
/** Where the alerts of each stand: of the first on the shared topic and on its own, of the second on its own alone. */
export const alertTopics = { 'acme-us': 'both', 'umbrella-eu': 'own' } as const;

/** The topic of all alerts of one thing, which have an order. */
export function alertTopicOf(sourceOrg: (typeof sourceOrgs)[number], alertKey: string): string {
  const isShared = alertTopics[sourceOrg] === 'both' && partitionFor(alertKey, 2) === 0;
  return isShared ? Alerts.card.topic : orgAlertTopicOf(sourceOrg);
}
/** Whose producers send whatever they can; it pages a destination of its own, and one that others page too. */
export const hostileOrg = 'mallory-ap';
export const hostileOrgConfig = {
  org: 'mallory-oncall',
  dataCenter: 'CHAOS-MALLORY',
  teams: ['mallory-core', 'mallory-data'],
} as const;
const teamsEach = ['core', 'data', 'web'] as const;
/** Each source org pages this share of the destinations, so that some have both. */
const shareEach = 0.7;

const nameOf = (index: number) => `d${String(index + 1).padStart(2, '0')}`;

/** Few enough that lists and rules of a large destination take their time. */
const rateLimits = { everyEndpoint: { limit: 100, periodSeconds: 10 } };
/** Every fifth destination has as many teams besides, sorted before the others: the second page of its list begins with these. */
const idleTeams = 100;

/** Is the list of its teams more than one page? */
export const isLarge = (org: string): boolean => Number(org.slice(1)) % 5 === 3;

/** Destination orgs that limit each endpoint; no two teams have one handle. */
export const orgConfigs = (count: number): SandboxOrgConfig[] =>
  Array.from({ length: count }, (_, index) => {
    const org = nameOf(index);
    const idle = Array.from({ length: isLarge(org) ? idleTeams : 0 }, (_none, n) => `${org}-a${n + 100}`);
    const teams = [...idle.map((handle) => ({ handle, onCall: false })), ...teamsEach.map((team) => `${org}-${team}`)];
    return { org, dataCenter: `CHAOS-${org.toUpperCase()}`, teams, rateLimits, settings: { teamOrder: 'changing' } };
  });

/** The destinations that this source org pages. */
export function destinationsOf(sourceOrg: string, all: readonly Destination[]): readonly Destination[] {
  const count = Math.ceil(shareEach * all.length);
  return sourceOrg === sourceOrgs[0] ? all.slice(0, count) : all.slice(-count);
}

export const teamsOf = (destinations: readonly Destination[]): Team[] =>
  destinations.flatMap((destination) =>
    destination.teams.map((handle) => ({ destination, home: handle, handle, former: undefined })),
  );

/** Of the links of one source org, which fail over, and to which: a few to the first, which nobody deletes. */
export function backUp(links: readonly Link[]): void {
  const [backup, ...others] = links;
  for (const link of others.slice(0, backedUpEach)) link.backup = backup;
}

const backedUpEach = 5;
const failoverLimits = { afterFailures: 3, afterSeconds: 6 };

/** What to ask connection-management for, so that a link fails over. */
export const failoverOf = ({ backup }: Link) =>
  backup && {
    failover: { connectionId: backup.connectionId, teamHandle: backup.destination.teams[1], ...failoverLimits },
  };
