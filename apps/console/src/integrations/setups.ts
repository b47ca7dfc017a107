import type { IntegrationKind } from '@pagebridge/vocabulary';
import alertmanager from '../../../../docs/how-to/examples/alertmanager.yml?raw';
// The how-tos show the same files.
import pagerduty from '../../../../docs/how-to/examples/alertmanager-pagerduty.yml?raw';
import datadog from '../../../../docs/how-to/examples/datadog-webhook.json?raw';
import grafana from '../../../../docs/how-to/examples/grafana.yml?raw';

/** How a system is told to send its alerts to alert-intake. */
interface Setup {
  /** What is pasted there, by what it is. */
  readonly parts: Readonly<Record<string, string>>;
  /** What the place of the token in them is. */
  readonly place: string;
  /** The page of docs/how-to about it. */
  readonly page: string;
}

/** The places of the token in all parts. */
export const places = /(<the token>|\$PAGEBRIDGE_TOKEN|\/etc\/alertmanager\/pagebridge\.token)/;

/** The console does not know the address of alert-intake. */
const intake = 'https://<your intake>';
const here = (example: string): string => example.trim().replaceAll('https://intake.example.com', intake);

/** Returns where a system sends its alerts. */
export const urlOf = (kind: IntegrationKind): string =>
  intake + (kind === 'pagerduty' ? '/v2/enqueue' : `/v1/intake/${kind}`);

const requestTo = (kind: IntegrationKind, type: string, body: string): string =>
  `curl ${urlOf(kind)} -H 'authorization: Bearer <the token>' \\\n  -H 'content-type: ${type}' -d '${body}'`;
const alert = '{ "key": "web-7/disk", "status": "firing", "title": "Disk full on web-7" }';
const event = `{
  "specversion": "1.0", "type": "com.pagebridge.alert.v1", "source": "/nagios/eu", "id": "1", "time": "'$(date -u +%FT%TZ)'",
  "data": { "alertKey": "web-7/disk", "transition": "triggered", "origin": "monitor", "title": "Disk full on web-7",
    "message": "@oncall-core-infra 99 %", "occurredAt": "'$(date -u +%FT%TZ)'" } }`;

export const setups: Record<IntegrationKind, Setup> = {
  alertmanager: {
    parts: { configuration: here(alertmanager) },
    place: 'a file that only Alertmanager can read',
    page: 'alerts-from-alertmanager',
  },
  grafana: {
    parts: { 'contact point, as a file': here(grafana) },
    place: "a variable of Grafana's environment",
    page: 'alerts-from-grafana',
  },
  datadog: {
    parts: { 'custom header': '{"Authorization": "Bearer $PAGEBRIDGE_TOKEN"}', payload: here(datadog) },
    place: 'a hidden custom variable of the Webhooks tile',
    page: 'alerts-from-datadog',
  },
  pagerduty: {
    parts: { 'configuration (example for Alertmanager)': here(pagerduty) },
    place: 'the routing key (here in a file); some systems call it integration key',
    page: 'alerts-from-pagerduty-clients',
  },
  cloudevents: {
    parts: { request: requestTo('cloudevents', 'application/cloudevents+json', event) },
    place: 'a header',
    page: 'alerts-as-cloudevents',
  },
  alerts: {
    parts: { request: requestTo('alerts', 'application/json', alert) },
    place: 'a header',
    page: 'alerts-from-programs',
  },
};
