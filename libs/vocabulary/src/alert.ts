/** What happened to the alerting thing. `recovered` ends it; every other transition can page. */
export const transitions = ['triggered', 'retriggered', 'renotified', 'warned', 'no-data', 'recovered'] as const;
export type Transition = (typeof transitions)[number];

/** What wrote the alert. Only automation pages across orgs, so `manual` is refused. */
export const origins = ['monitor', 'incident-rule', 'manual'] as const;
export type Origin = (typeof origins)[number];

export const priorities = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Priority = (typeof priorities)[number];

/** An alert key is 1 to 512 printable characters; with its org it names one alerting thing from trigger to recovery. */
export const alertKeyPattern = '^[^\\u0000-\\u001f\\u007f]{1,512}$';

/** The identity of an alerting thing, equal for its trigger and its recovery: it decides partition and order. */
export const alertIdentity = (sourceOrg: string, alertKey: string): string => `${sourceOrg}/${alertKey}`;

/** Where the alerts of a source org come from: the topic that all share, a topic of its own beside it, or that alone. */
export const alertTopicUses = ['shared', 'both', 'own'] as const;
export type AlertTopicUse = (typeof alertTopicUses)[number];
