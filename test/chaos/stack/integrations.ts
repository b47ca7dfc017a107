import { Integrations, integrationKeyOf } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { anApiToken, anApiTokenRecord, waitFor } from '@pagebridge/testing';
import { accessTo, settingsOf } from '../../harness/kafka-access.ts';
import { sourceOrgs } from '../world.ts';
import type { ChaosStack } from './chaos-stack.ts';

/** Gives each source org an integration, by its records alone; returns a token of each, once every instance accepts it. */
export async function integrateAll({ kafka, intakeUrls }: ChaosStack): Promise<ReadonlyMap<string, string>> {
  const publisher = new Publisher(settingsOf(accessTo(kafka, 'admin'), 'chaos-integrations'));
  await publisher.start();
  const tokens = new Map<string, string>();
  for (const sourceOrg of sourceOrgs) {
    const integration = { sourceOrg, name: 'monitors', kind: 'cloudevents' as const, noDefaultFor: [], severities: [] };
    const life = { expiresAt: new Date(Date.now() + 24 * 3_600_000).toISOString() };
    const { token, data } = anApiToken({ sourceOrg, permissions: ['alerts:write'], integration: 'monitors', ...life });
    const attributes = { id: sourceOrg, source: '/chaos', time: data.createdAt };
    await publisher.publish([
      Integrations.encode(integrationKeyOf(integration), attributes, { ...integration, repeatHours: 4, version: 1 }),
      anApiTokenRecord(data),
    ]);
    tokens.set(sourceOrg, token);
    for (const url of intakeUrls) await waitFor(`the token of ${sourceOrg}`, () => isAccepted(url, token));
  }
  await publisher.close();
  return tokens;
}

/** Returns whether an instance takes an empty batch. */
async function isAccepted(url: string, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' };
  const { status } = await fetch(`${url}/v1/intake/cloudevents`, { method: 'POST', headers, body: '[]' });
  return status === 202;
}
