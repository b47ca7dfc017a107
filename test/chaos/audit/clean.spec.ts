import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import fc from 'fast-check';
import { audit, isClean } from './audit.ts';
import { HistoryBuilder } from './history.fixtures.ts';
import type { DestinationPage } from './history.ts';

const alertKeys = ['cpu', 'disk', 'net'] as const;
const step = fc.record({
  alertKey: fc.constantFrom(...alertKeys),
  what: fc.constantFrom('triggered', 'warned', 'recovered'),
  luck: fc.constantFrom('served', 'reply lost', 'recovered first', 'refused'),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Simulates services that keep every promise, and returns the history that these steps leave. */
function historyOf(steps: readonly Step[]): HistoryBuilder {
  const builder = new HistoryBuilder();
  for (const enabled of [true, false, true]) builder.connection({ enabled });
  builder.team('core');
  const open = new Map<string, { command: PageCommand; page: DestinationPage }>();
  for (const { alertKey, what, luck } of steps) {
    const alert = builder.alert(alertKey, { transition: what, message: what === 'recovered' ? '' : '@oncall-core' });
    const known = open.get(alertKey);
    if (what === 'recovered') {
      builder.resolve(alert);
      if (known) builder.resolved(known.page);
      open.delete(alertKey);
      continue;
    }
    const command = builder.command(alert);
    const isRaised = known?.command.urgency === 'low' && command.urgency === 'high';
    if (known && !isRaised) builder.outcome(command, 'joined', { joinedPageId: known.command.pageId });
    else if (luck === 'refused') giveUp(builder, command);
    else if (luck === 'recovered first') supersede(builder, command, alertKey, known?.page, open);
    else open.set(alertKey, { command, page: deliver(builder, command, luck === 'reply lost', known?.page) });
  }
  return builder;
}

function deliver(
  builder: HistoryBuilder,
  command: PageCommand,
  isReplyLost: boolean,
  replaced: DestinationPage | undefined,
) {
  if (isReplyLost) builder.page(command, { silent: true });
  const page = builder.page(command, { tagged: isReplyLost });
  if (replaced) builder.resolved(replaced);
  return page;
}

function giveUp(builder: HistoryBuilder, command: PageCommand): void {
  const { pageId } = command;
  builder.outcome(command, 'undeliverable', { reason: 'connection-disabled' });
  builder.history.deadLetters.push({
    topic: 'commands',
    key: '',
    digest: pageId,
    reason: 'connection-disabled',
    pageId,
  });
}

function supersede(
  builder: HistoryBuilder,
  command: PageCommand,
  alertKey: string,
  known: DestinationPage | undefined,
  open: Map<string, unknown>,
): void {
  builder.resolve(builder.alert(alertKey, { transition: 'recovered' }));
  builder.outcome(command, 'superseded', { reason: 'recovered' });
  if (known) builder.resolved(known);
  open.delete(alertKey);
}

describe('a history in which every promise was kept', () => {
  it('passes the audit, whatever happened in it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const found = audit(historyOf(steps).history);
        expect(found.findings.filter(({ kind }) => kind !== 'duplicateTagged')).toEqual([]);
        expect(isClean(found)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('fails the audit once any outcome or command is removed', () => {
    const somewhere = fc.nat();
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), somewhere, fc.boolean(), (steps, at, isOutcome) => {
        const { history } = historyOf(steps);
        const list = isOutcome ? history.outcomes : history.commands;
        fc.pre(list.length > 0);
        list.splice(at % list.length, 1);
        expect(isClean(audit(history))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
