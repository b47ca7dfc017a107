import {
  Alerts,
  type OutgoingRecord,
  type PageCommand,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { anAlert } from '@pagebridge/testing';
import { uuidOf } from '../page-path/world.ts';

export const sourceOrg = 'acme';
export const teams = 100;
const message = 'Memory has been above ninety per cent. '.repeat(5);

/** Returns the records of an alert: one in a hundred mentions an unknown handle, one in two hundred still waits. */
export function recordsOf(number: number, org = sourceOrg): OutgoingRecord[] {
  const alertKey = `monitor-${number}`;
  const key = `${org}/${alertKey}`;
  const time = new Date().toISOString();
  const [id, pageId] = [uuidOf('event', alertKey), uuidOf('page', alertKey)];
  const attributes = { id, source: '/bench', time };
  const teamHandle = `team-${number % teams}`;
  const handle = `@oncall-${teamHandle}`;
  const about = { sourceOrg: org, alertKey, alertEventId: id };
  const alert = Alerts.encode(
    key,
    attributes,
    anAlert({ sourceOrg: org, alertKey, message: message + handle, occurredAt: time }),
  );
  if (number % 100 === 0) {
    const unrouted = { ...about, title: 'High memory usage', occurredAt: time, handle, detail: 'No team has it.' };
    return [alert, UnroutedHandles.encode(key, attributes, { ...unrouted, reason: 'unknown-handle' })];
  }
  const page = { ...about, pageId, connectionId: uuidOf('connection'), teamHandle };
  const command: PageCommand = {
    ...{ ...page, kind: 'page', transition: 'triggered', occurredAt: time, teamId: 't', handle, matched: 'exact' },
    ...{ urgency: 'high', title: 'High memory usage', description: message, tags: [], links: [] },
  };
  const outcome: PageOutcome = {
    ...{ ...page, outcome: 'delivered', at: time, attempts: 1, possibleDuplicate: false, destinationPageId: pageId },
    call: { durationMs: 20, status: 200 },
  };
  const outcomes = number % 200 === 1 ? [] : [PageOutcomes.encode(key, attributes, outcome)];
  return [alert, PageCommands.encode(key, attributes, command), ...outcomes];
}
