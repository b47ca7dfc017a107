import { Connections } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { call, type Destination, type Driver, kafkaSettings } from '@pagebridge/local-stack';
import { SourceOrg } from './source-org.ts';

/** A source org with one connection, whose application key no other connection has. */
export class Tenant {
  readonly connectionId: string;
  readonly #org: SourceOrg;
  readonly #driver: Driver;
  readonly #destination: Destination;
  readonly #key: string;

  private constructor(org: SourceOrg, driver: Driver, destination: Destination, key: string, connectionId: string) {
    this.#org = org;
    this.#driver = driver;
    this.#destination = destination;
    this.#key = key;
    this.connectionId = connectionId;
  }

  static async connect(name: string, driver: Driver, destination: Destination): Promise<Tenant> {
    const org = new SourceOrg(name, driver);
    const applicationKey = await newKey(destination, name);
    const connectionId = await org.connect({ ...destination, applicationKey });
    return new Tenant(org, driver, destination, name, connectionId);
  }

  /** The destination refuses the key from now on; an alert and a sync use it. */
  async revokeKey(): Promise<void> {
    await call('DELETE', `${this.#destination.controlUrl}/application-keys/${this.#key}`);
    await this.#org.alert({ message: `@oncall-${this.#destination.teams[0]}` });
    await this.#change('POST', '/sync');
  }

  async replaceKey(): Promise<void> {
    const applicationKey = await newKey(this.#destination, `${this.#key}-new`);
    await this.#change('PUT', '/credentials', { apiKey: this.#destination.apiKey, applicationKey });
  }

  /** Writes a record for the connection that no service can read, as a newer version may. */
  async writeUnreadable(): Promise<void> {
    const publisher = new Publisher(kafkaSettings(this.#driver.info, 'tenant', 'connection-management'));
    await publisher.start();
    const { topic } = Connections.card;
    await publisher.publish([{ topic, key: this.connectionId, value: 'no connection', headers: {} }]);
    await publisher.close();
  }

  rename(name: string): Promise<void> {
    return this.#change('PATCH', '', { name });
  }

  async #change(method: string, path: string, body?: unknown): Promise<void> {
    const { connectionManagement } = this.#driver.info.services;
    const url = `${connectionManagement}/v1/source-orgs/${this.#org.id}/connections/${this.connectionId}${path}`;
    const answer = await this.#driver.call(method, url, body, { 'if-match': '*' });
    if (answer.status >= 400) throw new Error(`${method} ${url}: ${JSON.stringify(answer.body)}`);
  }
}

async function newKey({ controlUrl }: Destination, name: string): Promise<string> {
  const { body } = await call<{ key: string }>('POST', `${controlUrl}/application-keys`, {
    name,
    owner: 'paging-service',
  });
  return body.key;
}
