import { randomUUID } from 'node:crypto';
import type { AlertState, Command, PageCommand, ResolveCommand } from '@pagebridge/contracts';
import { defaultPolicy } from '../attempts/policy.fixtures.ts';
import { decide } from './decide.ts';
import { type ReceivedCommand } from './decision.ts';

/** Returns a valid page command; a test sets only the fields that matter to it. */
export const aPage = (its: Partial<PageCommand> = {}): PageCommand => ({
  kind: 'page',
  pageId: `pg_${randomUUID()}`,
  sourceOrg: 'acme-us',
  alertKey: 'monitor-1234:host:backend-7',
  alertEventId: randomUUID(),
  transition: 'triggered',
  occurredAt: '2026-01-31T12:00:00.000Z',
  connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11',
  teamId: 'team-42',
  teamHandle: 'core-infra',
  handle: '@oncall-core-infra',
  matched: 'exact',
  urgency: 'high',
  title: 'High memory usage',
  description: 'High memory usage detected on backend services. @oncall-core-infra',
  tags: ['service:backend'],
  links: [{ title: 'Monitor', url: 'https://acme.example/monitors/1234' }],
  ...its,
});

export const aResolve = (its: Partial<ResolveCommand> = {}): ResolveCommand => ({
  kind: 'resolve',
  sourceOrg: 'acme-us',
  alertKey: 'monitor-1234:host:backend-7',
  alertEventId: randomUUID(),
  occurredAt: '2026-01-31T12:10:00.000Z',
  ...its,
});

export const received = <C extends Command>(command: C, offset = 0): ReceivedCommand<C> => ({
  command,
  time: '2026-01-31T12:00:00.100Z',
  offset,
});

/** Returns a time on the day that all tests use. */
export const at = (time: string): Date => new Date(`2026-01-31T${time.padEnd(8, ':00')}.000Z`);

/** Returns the state after these commands, each decided at the time of its event. */
export const after = (...commands: Command[]): AlertState => {
  const state = commands.reduce<AlertState | undefined>(
    (before, command) => decide(before, received(command), new Date(command.occurredAt), defaultPolicy).state,
    undefined,
  );
  if (!state) throw new Error('name at least one command');
  return state;
};
