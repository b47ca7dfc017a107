import { randomUUID } from 'node:crypto';
import { type Alert, Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';
import { Tokens } from '../access/tokens.ts';
import { type Answer, call } from './call.ts';
import { kafkaSettings } from './kafka-settings.ts';
import { Sandbox } from './sandbox.ts';
import type { Destination, StackInfo } from './stack-info.ts';
import { TopicWatch } from './topic-watch.ts';

/** The body of Add Connection. */
export interface ConnectionBody {
  readonly name: string;
  readonly dataCenter: string;
  readonly apiKey: string;
  readonly applicationKey: string;
}

/**
 * Drives a running stack as its users do: REST for connections, Kafka for alerts. Also observes every topic and the
 * destinations.
 */
export class Driver {
  readonly info: StackInfo;
  readonly watch: TopicWatch;
  readonly #publisher: Publisher;
  readonly #as: string;
  readonly #tokens: Tokens;

  /** `as` names the client whose token the calls carry. */
  constructor(info: StackInfo, as: string) {
    this.info = info;
    this.#as = as;
    this.#tokens = new Tokens(info.access);
    this.watch = new TopicWatch(info);
    this.#publisher = new Publisher(
      kafkaSettings(info, 'alert-producer', 'alert-producers'),
      // The limit of the alerts topic, so that a test can publish a record that is too large to be decoded.
      { maxRecordBytes: 8 * 1024 * 1024 },
    );
  }

  async open(): Promise<void> {
    await Promise.all([this.watch.start(), this.#publisher.start()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.watch.stop(), this.#publisher.close()]);
  }

  /** Returns the control API of the destination: its pages and its faults. */
  sandbox = (destination: Destination): Sandbox => new Sandbox(destination.controlUrl);

  destination(org: string): Destination {
    const found = this.info.destinations.find((destination) => destination.org === org);
    if (!found) throw new Error(`no destination org ${org} in this stack`);
    return found;
  }

  /** Calls a service with the token of `as`. */
  call<Body = unknown>(
    method: string,
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    return this.callAs(this.#as, method, url, body, headers);
  }

  /** Calls a service with the token of another client. */
  async callAs<Body = unknown>(
    name: string,
    method: string,
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    const authorization = `Bearer ${await this.#tokens.of(name)}`;
    return call(method, url, body, { authorization, ...headers });
  }

  addConnection<Body>(sourceOrg: string, connection: ConnectionBody): Promise<Answer<Body>> {
    return this.call(
      'POST',
      `${this.info.services.connectionManagement}/v1/source-orgs/${sourceOrg}/connections`,
      connection,
    );
  }

  /** Returns handles as autocomplete offers them. */
  async handles(sourceOrg: string, query = ''): Promise<Answer<{ items: { handle: string }[] }>> {
    const search = new URLSearchParams({ query, limit: '100' });
    return this.call('GET', `${this.info.services.handleSync}/v1/source-orgs/${sourceOrg}/handles?${search}`);
  }

  /** Publishes an alert as an alerting system does: a new event on `paging.alerts.v1`. */
  async publishAlert(alert: Alert, id: string = randomUUID()): Promise<void> {
    const attributes = { id, source: '//monitors.acme.example', time: new Date().toISOString() };
    await this.publish([Alerts.encode(alertIdentity(alert.sourceOrg, alert.alertKey), attributes, alert)]);
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    return this.#publisher.publish(records);
  }
}
