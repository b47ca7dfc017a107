import { isDeepStrictEqual } from 'node:util';
import { type Alert, Alerts, type Event, maxValueBytes, PageCommands, UnroutedHandles } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { decide } from '@pagebridge/routing';
import { aConnection, aHandle } from '@pagebridge/testing';
import fc from 'fast-check';
import { explainAlert } from '../../../apps/page-routing/src/application/explain-alert.use-case.ts';
import { outputOf } from '../../../apps/page-routing/src/application/outputs.ts';
import { tooOld } from '../../../apps/page-routing/src/domain/too-old.ts';
import { spoiled, textOf } from '../json.ts';
import { anyNumber, dataOf } from '../records.ts';
import { promise, type Target, target } from '../target.ts';

const now = new Date('2026-06-01T12:00:00Z');
const sourceOrg = 'acme-us';
const ids = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);

/** Returns a registry with three connections, one disabled and one with a backup, and an org with a fallback. */
function smallRegistry(): HandleRegistry {
  const registry = new HandleRegistry();
  ids.forEach((connectionId, n) => {
    const failover = { connectionId: ids[1] ?? '', teamHandle: 'operations', afterFailures: 3 };
    const directory = `EU1/org-${n}/account`;
    const its = {
      connectionId,
      sourceOrg,
      slug: `globex-${n}`,
      directory,
      enabled: n !== 2,
      ...(n === 0 ? { failover } : {}),
    };
    registry.applyConnection(connectionId, aConnection(its));
    for (const teamHandle of ['core-infra', 'operations', `only-${n}`, 'a.b/c:d']) {
      const teamId = `team-${teamHandle}`;
      registry.applyHandle(directory, teamId, aHandle({ directory, teamId, teamHandle }));
    }
  });
  registry.applySourceOrg(sourceOrg, { sourceOrg, localHandles: ['web'], fallbackHandle: 'operations', version: 1 });
  return registry;
}

const mention = fc.oneof(
  fc.constantFrom('core-infra', 'only-0.', 'only-2', 'globex-1/core-infra', 'web', 'a.b/c:d_', 'nobody', 'core-infar'),
  fc.stringMatching(/^[a-z0-9._:/-]{1,300}$/),
);
const message = fc.tuple(fc.array(mention, { maxLength: 120 }), fc.string({ unit: 'binary' })).map(([names, text]) => {
  return `${names.map((name) => `@oncall-${name}`).join(' ')} ${text}`;
});
const alert = fc
  .tuple(dataOf(Alerts), message, fc.boolean())
  .map(([data, text, isKnown]) => ({ ...data, message: text, ...(isKnown ? { sourceOrg } : {}) }));

/** Any event that passes the decoder. */
const admitted = spoiled(
  alert.map((data) => ({ specversion: '1.0', type: Alerts.card.eventType, source: '//fuzz', id: 'e', data })),
)
  .map((event) => Alerts.decode({ value: textOf(event), headers: {} }))
  .filter((read): read is { ok: true; event: Event<Alert> } => read.ok)
  .map(({ event }) => event);

export function routingTargets(): Target[] {
  const registry = smallRegistry();
  return [
    target('page-routing', fc.tuple(admitted, anyNumber), ([event, writtenAtMs]) => {
      tooOld(event.data, writtenAtMs, now, 14_400_000);
      const verdict = decide(event, registry, now);
      promise(isDeepStrictEqual(decide(event, registry, now), verdict), 'same event, same registry, another answer');
      const explanation = explainAlert(event, registry, now, 600_000);
      promise(verdict.ok === (explanation.refused === undefined), 'explained as something else');
      for (const decision of verdict.ok ? verdict.decisions : []) {
        const output = outputOf(event, decision);
        if (!output) continue;
        const attributes = { id: output.id, source: '/pagebridge/page-routing', time: now.toISOString() };
        const record = output.contract.encode(output.key, attributes, output.data);
        promise(Buffer.byteLength(record.value ?? '') <= maxValueBytes, 'an output that nobody reads');
        const contract = output.topic === PageCommands.card.topic ? PageCommands : UnroutedHandles;
        const read = contract.decode(record);
        promise(read.ok, `an output that its contract refuses: ${read.ok || read.detail}`);
      }
    }),
  ];
}
