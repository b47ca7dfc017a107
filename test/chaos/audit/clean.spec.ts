import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import fc from 'fast-check';
import { audit, isClean } from './audit.ts';
import { Telling } from './history.features.ts';
import type { DestinationPage } from './history.ts';

const alertKeys = ['cpu', 'disk', 'net'] as const;
const step = fc.record({
  alertKey: fc.constantFrom(...alertKeys),
  what: fc.constantFrom('triggered', 'warned', 'recovered'),
  luck: fc.constantFrom('served', 'reply lost', 'recovered first', 'refused'),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A service that keeps its promises, in a few lines: what it leaves behind for these steps. */
function told(steps: readonly Step[]): Telling {
  const telling = new Telling();
  for (const enabled of [true, false, true]) telling.connection({ enabled });
  telling.team('core');
  const open = new Map<string, { command: PageCommand; page: DestinationPage }>();
  for (const { alertKey, what, luck } of steps) {
    const alert = telling.alert(alertKey, { transition: what, message: what === 'recovered' ? '' : '@oncall-core' });
    const known = open.get(alertKey);
    if (what === 'recovered') {
      telling.resolve(alert);
      if (known) telling.resolved(known.page);
      open.delete(alertKey);
      continue;
    }
    const command = telling.command(alert);
    const isRaised = known?.command.urgency === 'low' && command.urgency === 'high';
    if (known && !isRaised) telling.outcome(command, 'joined', { joinedPageId: known.command.pageId });
    else if (luck === 'refused') giveUp(telling, command);
    else if (luck === 'recovered first') supersede(telling, command, alertKey, known?.page, open);
    else open.set(alertKey, { command, page: deliver(telling, command, luck === 'reply lost', known?.page) });
  }
  return telling;
}

function deliver(telling: Telling, command: PageCommand, isReplyLost: boolean, replaced: DestinationPage | undefined) {
  if (isReplyLost) telling.page(command, { silent: true });
  const page = telling.page(command, { tagged: isReplyLost });
  if (replaced) telling.resolved(replaced);
  return page;
}

function giveUp(telling: Telling, command: PageCommand): void {
  const { pageId } = command;
  telling.outcome(command, 'undeliverable', { reason: 'connection-disabled' });
  telling.history.deadLetters.push({
    topic: 'commands',
    key: '',
    digest: pageId,
    reason: 'connection-disabled',
    pageId,
  });
}

function supersede(
  telling: Telling,
  command: PageCommand,
  alertKey: string,
  known: DestinationPage | undefined,
  open: Map<string, unknown>,
): void {
  telling.resolve(telling.alert(alertKey, { transition: 'recovered' }));
  telling.outcome(command, 'superseded', { reason: 'recovered' });
  if (known) telling.resolved(known);
  open.delete(alertKey);
}

describe('a history in which every promise was kept', () => {
  it('passes, whatever happened in it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const found = audit(told(steps).history);
        expect(found.findings.filter(({ kind }) => kind !== 'duplicateTagged')).toEqual([]);
        expect(isClean(found)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('fails once any outcome or command is taken out of it', () => {
    const somewhere = fc.nat();
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), somewhere, fc.boolean(), (steps, at, isOutcome) => {
        const { history } = told(steps);
        const list = isOutcome ? history.outcomes : history.commands;
        fc.pre(list.length > 0);
        list.splice(at % list.length, 1);
        expect(isClean(audit(history))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
