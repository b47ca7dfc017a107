import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, call, Sandbox } from '@pagebridge/local-stack';
import { addConnection, newKey } from '../stack/links.ts';
import { failoverOf, type Link } from '../world.ts';
import { anyDestination, destinationNamed, type Fault, type Scene } from './fault.ts';

/** Changes one connection over REST. */
const change = ({ stack }: Scene, link: Link, method: string, path: string, body?: unknown) => {
  const url = `${stack.managementUrl}/v1/source-orgs/${link.sourceOrg}/connections/${link.connectionId}${path}`;
  return call(method, url, body, { 'if-match': '*' });
};

const isSuccess = (status: number) => status >= 200 && status < 300;

/** Retries like an operator: the database, the service or the destination may be down. */
async function untilAccepted<Body>(
  { say }: Scene,
  ask: () => Promise<Answer<Body>>,
  alsoDone: readonly number[] = [],
): Promise<Pick<Answer<Body>, 'status' | 'body'>> {
  const triesPerMinute = 120;
  for (let tries = 1; ; tries += 1) {
    const answer = await ask().catch((error: Error) => error);
    const isAnswer = !(answer instanceof Error);
    if (isAnswer && (isSuccess(answer.status) || alsoDone.includes(answer.status))) return answer;
    const why = isAnswer ? `${answer.status} ${JSON.stringify(answer.body)}` : answer.message;
    if (tries % 40 === 0) say(`still refused after ${tries} tries: ${why}`);
    if (tries > 3 * triesPerMinute) throw new Error(`refused for good: ${why}`);
    await sleep(500);
  }
}

const role = 'cross-org-paging';

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

/** Revokes the key of every connection to one destination; later rotates each credential. */
const keyRevoked: Fault = {
  kind: 'application key revoked, credential rotated',
  needs: ['management'],
  victim: anyDestination,
  strike: async (scene, org) => {
    const destination = destinationNamed(scene, org);
    const links = linksTo(scene, org);
    for (const { keyName } of links) await call('DELETE', `${destination.controlUrl}/application-keys/${keyName}`);
    await scene.pause(scene.random.between(3_000, 12_000));
    for (const link of links) await rotate(scene, link);
  },
};

async function rotate(scene: Scene, link: Link): Promise<void> {
  link.keyName = laterKeyName(link);
  const keys = await newKey(link.destination, link.keyName);
  await untilAccepted(scene, () => change(scene, link, 'PUT', '/credentials', keys));
}

const laterKeyName = ({ keyName }: Link): string => `${keyName.replace(/\.\d+$/, '')}.${Date.now()}`;

const disabled: Fault = {
  kind: 'connection disabled and enabled',
  needs: ['management'],
  victim: anyDestination,
  strike: async (scene, org) => {
    const link = scene.random.pick(linksTo(scene, org));
    await untilAccepted(scene, () => change(scene, link, 'PATCH', '', { enabled: false }));
    await scene.pause(scene.random.between(4_000, 12_000));
    await untilAccepted(scene, () => change(scene, link, 'PATCH', '', { enabled: true }));
  },
};

/**
 * Deletes connections to a destination and creates new ones. Pages in flight become undeliverable, open ones are resolved or
 * stay open, and the handles are unknown in between.
 */
const deleted: Fault = {
  kind: 'connection deleted and recreated',
  needs: ['management'],
  victim: anyDestination,
  strike: async (scene, org) => {
    // A connection that is the backup of others cannot be deleted.
    const backups = scene.links.map(({ backup }) => backup);
    const own = linksTo(scene, org).filter((link) => !backups.includes(link));
    if (own.length === 0) return;
    const link = scene.random.pick(own);
    await untilAccepted(scene, () => change(scene, link, 'DELETE', ''), [404]);
    await scene.pause(scene.random.between(3_000, 12_000));
    // Without force, the deletion would wait for open pages, and so perhaps for a destination that is down.
    await untilAccepted(scene, () => change(scene, link, 'DELETE', '?force=true'), [404]);
    link.keyName = laterKeyName(link);
    const keys = await newKey(link.destination, link.keyName);
    // The name is unique, because a lost answer leads to a second connection.
    const name = () => `${org} ${Date.now()}`;
    const { body } = await untilAccepted(scene, () => addConnection(scene.stack, link, name(), keys));
    link.connectionId = body.id;
    const backedUp = failoverOf(link);
    if (backedUp) await untilAccepted(scene, () => change(scene, link, 'PATCH', '', backedUp));
  },
};

export const connectionFaults: readonly (readonly [weight: number, fault: Fault])[] = [
  [3, permissionTaken('on_call_page')],
  [2, permissionTaken('on_call_respond')],
  // handle-sync reports it: no page waits for it.
  [2, permissionTaken('teams_read')],
  [4, keyRevoked],
  [3, disabled],
  [3, deleted],
];
