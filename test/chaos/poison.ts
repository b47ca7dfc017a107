import { Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { anAlert } from '@pagebridge/testing';
import type { Seeded } from './seed.ts';

/** A record that becomes no page: nobody can read it, or it names more handles than anybody means. */
export function poison(random: Seeded, id: string): OutgoingRecord {
  const key = `acme-us/${id}`;
  const alert = anAlert({ alertKey: id });
  const attributes = { id, source: '//chaos.example', time: alert.occurredAt };
  const good = Alerts.encode(key, attributes, alert);
  const handles = Array.from({ length: 101 }, (_, index) => `@oncall-x${index}`).join(' ');
  const value = random.pick([
    Buffer.from(`${id} is no JSON`),
    Buffer.from(JSON.stringify({ hello: id })),
    Buffer.from(JSON.stringify({ ...JSON.parse(String(good.value)), type: 'com.example.other' })),
    Buffer.from(JSON.stringify({ ...JSON.parse(String(good.value)), data: { sourceOrg: 'acme-us' } })),
    Alerts.encode(key, attributes, { ...alert, message: handles }).value,
  ]);
  return { ...good, value };
}
