/** What happened to the alerting thing. `recovered` ends the alert; every other transition can page. */
export const transitions = ['triggered', 'retriggered', 'renotified', 'warned', 'no-data', 'recovered'] as const;
export type Transition = (typeof transitions)[number];

/** The source of an alert. Only automated alerts page across orgs, so `manual` is refused. */
export const origins = ['monitor', 'incident-rule', 'manual'] as const;
export type Origin = (typeof origins)[number];

export const priorities = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Priority = (typeof priorities)[number];

/** An alert key is 1 to 512 printable characters. Within its org it identifies an alerting thing from trigger to recovery. */
export const alertKeyPattern = '^[^\\u0000-\\u001f\\u007f]{1,512}$';

/** Returns the identity of an alert, equal for trigger and recovery: the record key, which determines partition and order. */
export const alertIdentity = (sourceOrg: string, alertKey: string): string => `${sourceOrg}/${alertKey}`;

/** Returns the names in an identity, for a line of the log. An org id has no slash. */
export function namesIn(identity: string): { readonly sourceOrg: string; readonly alertKey: string } {
  const slash = identity.indexOf('/');
  return { sourceOrg: identity.slice(0, Math.max(slash, 0)), alertKey: identity.slice(slash + 1) };
}

/** Returns the key of an alert in its identity; undefined for an alert of another org, or another key of a record. */
export function alertKeyIn(sourceOrg: string, identity: string): string | undefined {
  const prefix = alertIdentity(sourceOrg, '');
  return identity.startsWith(prefix) ? identity.slice(prefix.length) : undefined;
}

/** The topics from which the alerts of a source org are read: the shared one, the shared one and its own, or only its own. */
export const alertTopicUses = ['shared', 'both', 'own'] as const;
export type AlertTopicUse = (typeof alertTopicUses)[number];
