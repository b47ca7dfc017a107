import type { OutgoingRecord } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { type Answer, call, type Destination, Sandbox } from '@pagebridge/local-stack';
import { anAlert, anIntegrationWithToken, waitFor } from '@pagebridge/testing';
import { handleOf, type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import { accessTo, settingsOf } from '../../harness/kafka-access.ts';
import { badAnswers } from '../hostile/records.ts';
import {
  alertTopics,
  backUp,
  destinationsOf,
  failoverOf,
  floodOrg,
  hostileOrg,
  type Link,
  sourceOrgs,
} from '../world.ts';
import type { ChaosStack } from './chaos-stack.ts';

/** Gives each source org an integration, by its records alone; returns a token of each, once every instance accepts it. */
export async function integrateAll(stack: ChaosStack): Promise<ReadonlyMap<string, string>> {
  const all = sourceOrgs.map((sourceOrg) => [sourceOrg, anIntegrationOf(sourceOrg, 'cloudevents')] as const);
  await publish(
    stack,
    all.flatMap(([, { records }]) => records),
  );
  for (const [sourceOrg, { token }] of all) {
    for (const url of stack.intakeUrls) await waitFor(`the token of ${sourceOrg}`, () => isAccepted(url, token));
  }
  return new Map(all.map(([sourceOrg, { token }]) => [sourceOrg, token]));
}

/** Gives the hostile org an integration of each kind, and returns their tokens; a request before they are known is refused. */
export async function integrateHostile(stack: ChaosStack): Promise<ReadonlyMap<IntegrationKind, string>> {
  const all = integrationKinds.map((kind) => [kind, anIntegrationOf(hostileOrg, kind)] as const);
  await publish(
    stack,
    all.flatMap(([, { records }]) => records),
  );
  return new Map(all.map(([kind, { token }]) => [kind, token]));
}

function anIntegrationOf(sourceOrg: string, kind: IntegrationKind) {
  const expiresAt = new Date(Date.now() + 24 * 3_600_000).toISOString();
  return anIntegrationWithToken({ sourceOrg, name: kind, kind }, { expiresAt });
}

async function publish({ kafka }: ChaosStack, records: readonly OutgoingRecord[]): Promise<void> {
  const publisher = new Publisher(settingsOf(accessTo(kafka, 'admin'), 'chaos-integrations'));
  await publisher.start();
  await publisher.publish(records);
  await publisher.close();
}

/** Returns whether an instance takes an empty batch. */
async function isAccepted(url: string, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' };
  const { status } = await fetch(`${url}/v1/intake/cloudevents`, { method: 'POST', headers, body: '[]' });
  return status === 202;
}

interface Keys {
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** Creates an application key of the good service account, as the owner of the destination does. */
export async function newKey({ controlUrl, apiKey }: Destination, name: string): Promise<Keys> {
  const request = { name, owner: 'paging-service' };
  const { status, body } = await call<{ key: string }>('POST', `${controlUrl}/application-keys`, request);
  if (status !== 201) throw new Error(`no application key ${name}: ${JSON.stringify(body)}`);
  return { apiKey, applicationKey: body.key };
}

/** Connects each source org with its destinations, sets fallback and alert topics, and waits until every router has all of it. */
export async function connectAll(stack: ChaosStack): Promise<Link[]> {
  const wanted = sourceOrgs.flatMap((sourceOrg) =>
    destinationsOf(sourceOrg, stack.destinations).map((destination) => ({ sourceOrg, destination })),
  );
  const links = await Promise.all(wanted.map((request) => connect(stack, request)));
  for (const sourceOrg of sourceOrgs) backUp(links.filter((link) => link.sourceOrg === sourceOrg));
  await Promise.all(links.map((link) => nameBackup(stack, link)));
  const [first, second] = sourceOrgs;
  await settle(stack, first, { fallbackHandle: links[0]?.destination.teams[0], alertTopic: alertTopics[first] });
  await settle(stack, second, { alertTopic: 'both' });
  await settle(stack, second, { alertTopic: alertTopics[second] });
  await untilKnown(stack, links);
  await Promise.all(stack.routingUrls.map((router) => untilPaged(router, first, 'nobody')));
  return links;
}

async function settle({ managementUrl }: ChaosStack, sourceOrg: string, its: object): Promise<void> {
  const url = `${managementUrl}/v1/source-orgs/${sourceOrg}`;
  const { status, body } = await call('PUT', url, { localHandles: [], ...its }, { 'if-match': '*' });
  if (status !== 200) throw new Error(`${sourceOrg} is not settled: ${JSON.stringify(body)}`);
}

/** Connects the hostile org with its own destination, which answers badly to some of its pages, and with another. */
export async function connectHostile(stack: ChaosStack): Promise<Link[]> {
  const { hostileDestination, destinations } = stack;
  const [shared] = destinations;
  if (!hostileDestination || !shared) throw new Error('the hostile org has nobody to page');
  await answerBadly(hostileDestination);
  const links: Link[] = [];
  for (const destination of [hostileDestination, shared]) {
    links.push(await connect(stack, { sourceOrg: hostileOrg, destination }));
  }
  await untilKnown(stack, links);
  return links;
}

/** Connects the org that floods with its own destination. */
export async function connectFlood(stack: ChaosStack): Promise<Link> {
  const { floodDestination: destination } = stack;
  if (!destination) throw new Error('the flood has nobody to page');
  const link = await connect(stack, { sourceOrg: floodOrg, destination });
  await untilKnown(stack, [link]);
  return link;
}

/** Makes the sandbox answer 403, a proxy's HTML with 200, 520, or page ids of 1 MB to single pages. */
function answerBadly({ controlUrl }: Destination): Promise<unknown> {
  const [refused, html, unknown, huge] = badAnswers;
  return new Sandbox(controlUrl).switchOn(
    { match: { listener: 'paging', body: refused }, fault: { kind: 'error', status: 403 } },
    { match: { listener: 'paging', body: html }, fault: { kind: 'html' } },
    { match: { listener: 'paging', body: unknown }, fault: { kind: 'error', status: 520, body: 'html' } },
    { match: { listener: 'paging', body: huge }, fault: { kind: 'huge-id' } },
  );
}

async function nameBackup({ managementUrl }: ChaosStack, link: Link): Promise<void> {
  const failover = failoverOf(link);
  if (!failover) return;
  const url = `${managementUrl}/v1/source-orgs/${link.sourceOrg}/connections/${link.connectionId}`;
  const { status, body } = await call('PATCH', url, failover, { 'if-match': '*' });
  if (status !== 200) throw new Error(`no backup: ${JSON.stringify(body)}`);
}

/** Waits until every router pages the teams of these links. */
async function untilKnown({ routingUrls }: ChaosStack, links: readonly Link[]): Promise<void> {
  const asked = routingUrls.flatMap((router) => links.map((link) => ({ router, ...link })));
  await Promise.all(
    asked.map(async ({ router, sourceOrg, destination }) => {
      for (const team of destination.teams) await untilPaged(router, sourceOrg, team);
    }),
  );
}

async function untilPaged(router: string, sourceOrg: string, team: string): Promise<void> {
  const alert = anAlert({ sourceOrg, message: handleOf(team) });
  await waitFor(
    `a page for ${handleOf(team)} of ${sourceOrg}, says ${router}`,
    async () => {
      const { body } = await call<{ decisions?: { kind: string }[] }>('POST', `${router}/v1/explain`, alert);
      return body.decisions?.[0]?.kind === 'page';
    },
    { withinMs: 60_000, everyMs: 200 },
  );
}

async function connect(stack: ChaosStack, { sourceOrg, destination }: ConnectionRequest): Promise<Link> {
  const keyName = `for-${sourceOrg}`;
  const keys = await newKey(destination, keyName);
  const { status, body } = await addConnection(stack, { sourceOrg, destination }, destination.org, keys);
  if (status !== 201) throw new Error(`no connection to ${destination.org}: ${JSON.stringify(body)}`);
  return { sourceOrg, destination, connectionId: body.id, keyName, backup: undefined };
}

type ConnectionRequest = Pick<Link, 'sourceOrg' | 'destination'>;

/** Adds a connection over REST. */
export const addConnection = (
  { managementUrl }: ChaosStack,
  { sourceOrg, destination: { dataCenter } }: ConnectionRequest,
  name: string,
  keys: Keys,
): Promise<Answer<{ id: string }>> =>
  call('POST', `${managementUrl}/v1/source-orgs/${sourceOrg}/connections`, {
    name,
    dataCenter,
    // After a lost answer, the retry creates a second connection.
    allowDuplicate: true,
    ...keys,
  });
