import type { IntegrationKind } from '@pagebridge/vocabulary';
import type { Shape } from './hostile-bodies.ts';

const shape = (kind: IntegrationKind, place: string, filling: string, alerts = 1): Shape => ({
  kind,
  place,
  filling,
  alerts,
});
const ofGroup = (kind: IntegrationKind): Shape[] => [
  shape(kind, 'body externalURL', 'URL of |', 10_000),
  shape(kind, 'alert labels', 'fields with empty texts'),
  shape(kind, 'alert annotations.oncall', 'words'),
  shape(kind, 'alert labels', 'fields with empty texts', 524),
  shape(kind, 'alert labels', 'fields with empty texts', 10_000),
  shape(kind, 'alert annotations.description', 'distinct mentions'),
  shape(kind, 'alert other', 'null', 10_000),
  shape(kind, 'body other', 'empty lists'),
];

/** The shapes that cost most of each kind, found by measuring all; those without a filling to speak of are groups of new alerts. */
export const worst: Readonly<Record<IntegrationKind, readonly Shape[]>> = {
  alertmanager: ofGroup('alertmanager'),
  grafana: ofGroup('grafana'),
  datadog: [
    shape('datadog', 'alert tags', 'tags with commas'),
    shape('datadog', 'alert message', 'distinct mentions'),
    shape('datadog', 'alert link', 'URL of |'),
    shape('datadog', 'alert other', 'empty lists'),
  ],
  pagerduty: [
    shape('pagerduty', 'alert other', 'empty lists'),
    shape('pagerduty', 'alert other', 'fields with empty texts'),
    shape('pagerduty', 'alert links', 'links that are short'),
    shape('pagerduty', 'alert payload.summary', 'distinct mentions'),
  ],
  cloudevents: [
    shape('cloudevents', 'alert data.tags', 'empty texts', 100),
    shape('cloudevents', 'alert data.message', 'distinct mentions', 100),
    shape('cloudevents', 'alert other', 'empty lists'),
  ],
  alerts: [
    shape('alerts', 'alert links', 'links that are short'),
    shape('alerts', 'alert tags', 'distinct texts'),
    shape('alerts', 'alert oncall', 'words'),
    shape('alerts', 'alert links', 'links that are long', 100),
  ],
};
