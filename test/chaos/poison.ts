import { Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { anAlert } from '@pagebridge/testing';
import type { Seeded } from './seed.ts';

/** Returns a record that cannot become a page: undecodable, or with more handles than allowed. */
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
