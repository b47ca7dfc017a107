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

/** Body of Add Connection. */
export interface ConnectionWish {
  readonly name: string;
  readonly dataCenter: string;
  readonly apiKey: string;
  readonly applicationKey: string;
}

/**
 * Drives a running stack from outside, as its users do: REST for connections, Kafka for alerts; and looks on, at every
 * topic and at the destinations.
 */
export class Driver {
  readonly info: StackInfo;
  readonly watch: TopicWatch;
  readonly #publisher: Publisher;
  readonly #as: string;
  readonly #tokens: Tokens;

  /** `as` names the client of the stack whose token the calls carry. */
  constructor(info: StackInfo, as: string) {
    this.info = info;
    this.#as = as;
    this.#tokens = new Tokens(info.access);
    this.watch = new TopicWatch(info);
    this.#publisher = new Publisher(
      kafkaSettings(info, 'alert-producer', 'alert-producers'),
      // As wide as the alerts topic: what is too large to be read must get there to be seen.
      { maxRecordBytes: 8 * 1024 * 1024 },
    );
  }

  async open(): Promise<void> {
    await Promise.all([this.watch.start(), this.#publisher.start()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.watch.stop(), this.#publisher.close()]);
  }

  /** The destination's own side: its pages, and what can be made to go wrong. */
  sandbox = (destination: Destination): Sandbox => new Sandbox(destination.controlUrl);

  destination(org: string): Destination {
    const found = this.info.destinations.find((destination) => destination.org === org);
    if (!found) throw new Error(`no destination org ${org} in this stack`);
    return found;
  }

  /** Calls a service. */
  call<Body = unknown>(
    method: string,
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    return this.callAs(this.#as, method, url, body, headers);
  }

  /** Calls a service as somebody else. */
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

  addConnection<Body>(sourceOrg: string, wish: ConnectionWish): Promise<Answer<Body>> {
    return this.call(
      'POST',
      `${this.info.services.connectionManagement}/v1/source-orgs/${sourceOrg}/connections`,
      wish,
    );
  }

  /** Handles as autocomplete offers them. */
  async handles(sourceOrg: string, query = ''): Promise<Answer<{ items: { handle: string }[] }>> {
    const search = new URLSearchParams({ query, limit: '100' });
    return this.call('GET', `${this.info.services.handleSync}/v1/source-orgs/${sourceOrg}/handles?${search}`);
  }

  /** Writes an alert as an alerting system does: a new event on `paging.alerts.v1`. */
  async publishAlert(alert: Alert, id: string = randomUUID()): Promise<void> {
    const attributes = { id, source: '//monitors.acme.example', time: new Date().toISOString() };
    await this.publish([Alerts.encode(alertIdentity(alert.sourceOrg, alert.alertKey), attributes, alert)]);
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    return this.#publisher.publish(records);
  }
}
