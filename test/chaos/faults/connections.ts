import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, call, type Destination, Sandbox } from '@pagebridge/local-stack';
import { newKey } from '../links.ts';
import type { Link } from '../world.ts';
import { destinationNamed, type Fault, free, type Scene } from './fault.ts';

const role = 'cross-org-paging';

const anyDestination = (scene: Scene): string | undefined =>
  free(
    scene,
    scene.stack.destinations.map(({ org }) => org),
  );

const permissionTaken = (permission: string): Fault => ({
  kind: `permission ${permission} taken away`,
  victim: anyDestination,
  strike: async (scene, org) => {
    const sandbox = new Sandbox(destinationNamed(scene, org).controlUrl);
    await sandbox.permit(role, permission, false);
    await scene.pause(scene.random.between(5_000, 20_000));
    await sandbox.permit(role, permission, true);
  },
});

const linksTo = ({ links }: Scene, org: string) => links.filter(({ destination }) => destination.org === org);

/** The key of every connection to this destination stops working; later each is given a new one. */
const keyRevoked: Fault = {
  kind: 'application key revoked, credential rotated',
  victim: anyDestination,
  strike: async (scene, org) => {
    const destination = destinationNamed(scene, org);
    const links = linksTo(scene, org);
    for (const { keyName } of links) await call('DELETE', `${destination.controlUrl}/application-keys/${keyName}`);
    await scene.pause(scene.random.between(3_000, 12_000));
    for (const link of links) await rotate(scene, link, destination);
  },
};

async function rotate(scene: Scene, link: Link, destination: Destination): Promise<void> {
  link.keyName = `${link.keyName.replace(/\.\d+$/, '')}.${Date.now()}`;
  const keys = await newKey(destination, link.keyName);
  await untilAccepted(scene, () => change(scene, link, 'PUT', '/credentials', keys));
}

const disabled: Fault = {
  kind: 'connection disabled and enabled',
  victim: anyDestination,
  strike: async (scene, org) => {
    const link = scene.random.pick(linksTo(scene, org));
    await untilAccepted(scene, () => change(scene, link, 'PATCH', '', { enabled: false }));
    await scene.pause(scene.random.between(4_000, 12_000));
    await untilAccepted(scene, () => change(scene, link, 'PATCH', '', { enabled: true }));
  },
};

const renamed: Fault = {
  kind: 'handle renamed',
  victim: anyDestination,
  strike: async (scene, org) => {
    const { controlUrl } = destinationNamed(scene, org);
    const team = scene.random.pick(scene.teams.filter(({ destination }) => destination.org === org));
    const handle = `${team.home}-${scene.random.between(1, 999)}`;
    const { status } = await call('PATCH', `${controlUrl}/teams/${team.handle}`, { handle });
    if (status !== 200) throw new Error(`${team.handle} was not renamed: ${status}`);
    // Monitors are edited later than teams are renamed: both names are in use from now on.
    team.former = team.handle;
    team.handle = handle;
  },
};

const change = ({ stack }: Scene, link: Link, method: string, path: string, body: unknown) => {
  const url = `${stack.managementUrl}/v1/source-orgs/${link.sourceOrg}/connections/${link.connectionId}${path}`;
  return call(method, url, body, { 'if-match': '*' });
};

/** Database or service may be down, or the destination unwell: an operator tries again until it is done. */
async function untilAccepted({ say }: Scene, ask: () => Promise<Answer<unknown>>): Promise<void> {
  const triesPerMinute = 120;
  for (let tries = 1; ; tries += 1) {
    const answer = await ask().catch((error: Error) => ({ status: 0, body: error.message }));
    if (answer.status >= 200 && answer.status < 300) return;
    if (tries % 40 === 0) say(`still refused after ${tries} tries: ${answer.status} ${JSON.stringify(answer.body)}`);
    if (tries > 3 * triesPerMinute) throw new Error(`refused for good: ${JSON.stringify(answer.body)}`);
    await sleep(500);
  }
}

export const connectionFaults: readonly (readonly [weight: number, fault: Fault])[] = [
  [3, permissionTaken('on_call_page')],
  [2, permissionTaken('on_call_respond')],
  [4, keyRevoked],
  [3, disabled],
  [4, renamed],
];
