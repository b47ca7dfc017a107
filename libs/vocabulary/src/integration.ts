/** The systems that may send alerts over HTTP; `alerts`: programs of one's own, with plain JSON. */
export const integrationKinds = ['alertmanager', 'grafana', 'datadog', 'pagerduty', 'cloudevents', 'alerts'] as const;
export type IntegrationKind = (typeof integrationKinds)[number];

/** The name of an integration, 1 to 40 characters: it begins the keys of its alerts, so it never changes. */
export const integrationPattern = '^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$';
