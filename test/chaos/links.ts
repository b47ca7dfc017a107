import { call, type Destination } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { handleOf } from '@pagebridge/vocabulary';
import type { ChaosStack } from './chaos-stack.ts';
import { destinationsOf, type Link, sourceOrgs } from './world.ts';

interface Keys {
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** Makes an application key of the good service account, as the owner of the destination does. */
export async function newKey({ controlUrl, apiKey }: Destination, name: string): Promise<Keys> {
  const wish = { name, owner: 'paging-service' };
  const { status, body } = await call<{ key: string }>('POST', `${controlUrl}/application-keys`, wish);
  if (status !== 201) throw new Error(`no application key ${name}: ${JSON.stringify(body)}`);
  return { apiKey, applicationKey: body.key };
}

/** Connects each source org with its destinations, and waits until every handle is offered. */
export async function connectAll(stack: ChaosStack): Promise<Link[]> {
  const wishes = sourceOrgs.flatMap((sourceOrg) =>
    destinationsOf(sourceOrg, stack.destinations).map((destination) => ({ sourceOrg, destination })),
  );
  const links: Link[] = [];
  for (const wish of wishes) links.push(await connect(stack, wish));
  for (const sourceOrg of sourceOrgs) {
    const known = links.filter((link) => link.sourceOrg === sourceOrg).flatMap(({ destination }) => destination.teams);
    const url = `${stack.handleSyncUrl}/v1/source-orgs/${sourceOrg}/handles?limit=100`;
    await waitFor(
      `the ${known.length} handles of ${sourceOrg}`,
      async () => {
        const { body } = await call<{ items: { handle: string }[] }>('GET', url);
        const offered = new Set(body.items.map(({ handle }) => handle));
        return known.every((team) => offered.has(handleOf(team)));
      },
      { withinMs: 60_000, everyMs: 200 },
    );
  }
  return links;
}

async function connect(
  { managementUrl }: ChaosStack,
  { sourceOrg, destination }: Pick<Link, 'sourceOrg' | 'destination'>,
): Promise<Link> {
  const keyName = `for-${sourceOrg}`;
  const { org: name, dataCenter } = destination;
  const wish = { name, dataCenter, ...(await newKey(destination, keyName)) };
  const answer = await call<{ id: string }>('POST', `${managementUrl}/v1/source-orgs/${sourceOrg}/connections`, wish);
  if (answer.status !== 201) throw new Error(`no connection to ${name}: ${JSON.stringify(answer.body)}`);
  return { sourceOrg, destination, connectionId: answer.body.id, keyName };
}
