import { randomUUID } from 'node:crypto';
import {
  type Alert,
  ConnectionReports,
  type OutcomeKind,
  type PageOutcome,
  PageOutcomes,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { type Destination, type Driver, type SandboxPage, type Seen } from '@pagebridge/local-stack';
import { anAlert, waitFor } from '@pagebridge/testing';
import { handleOf } from '@pagebridge/vocabulary';

/** page-routing's explanation of a mention. */
interface Decision {
  readonly kind: string;
  readonly failover?: { readonly teamId?: string };
}

/** A source org as its users see it: they add connections, publish alerts, and observe the results. */
export class SourceOrg {
  readonly id: string;
  readonly #driver: Driver;

  constructor(id: string, driver: Driver) {
    this.id = id;
    this.#driver = driver;
  }

  /** Adds a connection and waits until every on-call team of the destination can be paged. Returns the connection's id. */
  async connect(destination: Destination, name = destination.org): Promise<string> {
    const { dataCenter, apiKey, applicationKey, teams } = destination;
    const answer = await this.#driver.addConnection<{ id: string; slug: string }>(this.id, {
      name,
      dataCenter,
      apiKey,
      applicationKey,
    });
    if (answer.status !== 201) throw new Error(`no connection to ${name}: ${JSON.stringify(answer.body)}`);
    await waitFor(
      `the handles of ${name}`,
      async () => {
        const offered = (await this.handles()).filter((handle) => teams.some((team) => handle === handleOf(team)));
        return offered.length === teams.length;
      },
      { lastSeen: () => `teams are ${teams.join(', ')}` },
    );
    const { id, slug } = answer.body;
    for (const team of teams) {
      const isRouted = async () => (await this.#decision(`@oncall-${slug}/${team}`))?.kind === 'page' || undefined;
      await waitFor(`${team} of ${name} in routing`, isRouted);
    }
    return id;
  }

  /** Sets the local handles and the fallback handle of the org, and waits until page-routing has them. */
  async updateSettings(settings: { localHandles: string[]; fallbackHandle?: string }): Promise<void> {
    const url = `${this.#driver.info.services.connectionManagement}/v1/source-orgs/${this.id}`;
    const { status, body } = await this.#driver.call('PUT', url, settings, { 'if-match': '*' });
    if (status !== 200) throw new Error(`no settings for ${this.id}: ${JSON.stringify(body)}`);
    const isRouted = settings.fallbackHandle !== undefined;
    await waitFor(
      'the settings in routing',
      async () => ((await this.#decision('@oncall-nobody-knows-this'))?.kind === 'page') === isRouted || undefined,
    );
  }

  /** Sets a backup for a connection, and waits until page-routing has it for one of the connection's teams. */
  async failOver(
    connectionId: string,
    failover: { connectionId: string; teamHandle: string; afterFailures: number },
    team: string,
  ): Promise<void> {
    const { connectionManagement } = this.#driver.info.services;
    const url = `${connectionManagement}/v1/source-orgs/${this.id}/connections/${connectionId}`;
    const { status, body } = await this.#driver.call('PATCH', url, { failover }, { 'if-match': '*' });
    if (status !== 200) throw new Error(`no backup for ${connectionId}: ${JSON.stringify(body)}`);
    await waitFor('the backup in routing', async () => (await this.#decision(handleOf(team)))?.failover?.teamId);
  }

  /** Returns handles as autocomplete offers them. */
  async handles(query = ''): Promise<string[]> {
    const { body } = await this.#driver.handles(this.id, query);
    return body.items.map(({ handle }) => handle);
  }

  /** Publishes an alert of this org and returns it. */
  async alert(its: Partial<Alert>, eventId: string = randomUUID()): Promise<Alert> {
    const alert = anAlert({ ...its, sourceOrg: this.id });
    await this.#driver.publishAlert(alert, eventId);
    return alert;
  }

  /** Waits until the destination has exactly one page for this alert and team. */
  async pageIn(destination: Destination, alert: Alert, teamHandle: string): Promise<SandboxPage> {
    const outcome = await this.outcome(alert, 'delivered', teamHandle);
    return waitFor(`a page for ${teamHandle} in ${destination.org}`, async () =>
      (await this.pages(destination)).find(({ id }) => id === outcome.event.data.destinationPageId),
    );
  }

  /** Returns all pages of this org in the destination. */
  async pages(destination: Destination): Promise<SandboxPage[]> {
    const pages = await this.#driver.sandbox(destination).pages();
    return pages.filter(({ tags }) => tags.includes(`source-org:${this.id}`));
  }

  outcome(alert: Alert, kind: OutcomeKind, teamHandle?: string): Promise<Seen<PageOutcome>> {
    const asked = (it: PageOutcome) =>
      it.sourceOrg === this.id &&
      it.alertKey === alert.alertKey &&
      it.outcome === kind &&
      (teamHandle === undefined || it.teamHandle === teamHandle);
    return this.#driver.watch.waitForEvent(PageOutcomes, `the outcome ${kind} of ${alert.alertKey}`, asked);
  }

  /** Returns the outcomes of this kind that an alert has so far. */
  outcomesOf({ alertKey }: Alert, kind: OutcomeKind) {
    const asked = (it: PageOutcome) => it.sourceOrg === this.id && it.alertKey === alertKey && it.outcome === kind;
    return this.#driver.watch.eventsOf(PageOutcomes, asked);
  }

  unrouted(alert: Alert) {
    return this.#driver.watch.waitForEvent(
      UnroutedHandles,
      `an unrouted handle of ${alert.alertKey}`,
      (it) => it.sourceOrg === this.id && it.alertKey === alert.alertKey,
    );
  }

  /** Returns whether a handle of an alert is unrouted. */
  unroutedOf(alertKey: string): boolean {
    const { watch } = this.#driver;
    return watch.eventsOf(UnroutedHandles, (it) => it.sourceOrg === this.id && it.alertKey === alertKey).length > 0;
  }

  /** Returns the outcome that ended the pages of an alert, if there is one. */
  endOf(alertKey: string): OutcomeKind | undefined {
    const ends: OutcomeKind[] = ['resolved', 'superseded', 'undeliverable'];
    const ended = this.#driver.watch.eventsOf(
      PageOutcomes,
      (it) => it.sourceOrg === this.id && it.alertKey === alertKey && ends.includes(it.outcome),
    );
    return ended.at(-1)?.event.data.outcome;
  }

  /** Waits until autocomplete offers a team's handle. */
  untilOffered(teamHandle: string): Promise<true> {
    const handle = handleOf(teamHandle);
    return waitFor(`${handle} offered`, async () => (await this.handles(teamHandle)).includes(handle) || undefined);
  }

  /** Waits until a service reports that the destination refuses the credential. */
  async credentialFault() {
    const seen = await this.#driver.watch.waitForEvent(
      ConnectionReports,
      'a credential fault',
      (it) => it.sourceOrg === this.id && it.kind === 'credential-fault',
    );
    const report = seen.event.data;
    if (report.kind !== 'credential-fault') throw new Error('not a credential fault');
    return report;
  }

  async #decision(mention: string): Promise<Decision | undefined> {
    const url = `${this.#driver.info.services.pageRouting}/v1/explain`;
    const alert = anAlert({ sourceOrg: this.id, message: mention });
    const { body } = await this.#driver.call<{ decisions: Decision[] }>('POST', url, alert);
    return body.decisions[0];
  }
}
