import { type AlertState, type Command, PageCommands, PageStates } from '@pagebridge/contracts';
import fc from 'fast-check';
import { complaintsOf, histories } from '../../../apps/page-delivery/src/application/histories.fixtures.ts';
import { defaultPolicy } from '../../../libs/page-lifecycle/src/attempts/policy.fixtures.ts';
import { decide, stateIn, unreportedOutcomes } from '../../../libs/page-lifecycle/src/changes.fixtures.ts';
import { fromIdleText, toIdleText } from '../../../libs/page-lifecycle/src/ledger/idle-text.ts';
import { LedgerReading } from '../../../libs/page-lifecycle/src/ledger/ledger-reading.ts';
import { isForgettable, isIdle } from '../../../libs/page-lifecycle/src/retention.ts';
import { bytesOf, spoiled } from '../json.ts';
import { dataOf, hostileHeaders } from '../records.ts';
import { promise, type Target, target } from '../target.ts';

const now = new Date('2026-06-01T12:00:00Z');
const [sourceOrg, alertKey] = ['acme-us', 'cpu'];
const key = `${sourceOrg}/${alertKey}`;

const command: fc.Arbitrary<Command> = dataOf(PageCommands).map((data) => ({ ...data, sourceOrg, alertKey }));
const commands = fc.array(fc.record({ command, offset: fc.nat(), isReplay: fc.boolean() }), { maxLength: 4 });

const attributes = { id: 'fuzz', source: '/pagebridge/page-delivery', time: now.toISOString() };

/** A ledger with records of owners of any owner epoch, and undecodable ones. */
const ledger = fc.array(
  fc.record({
    value: bytesOf(
      spoiled(
        dataOf(PageStates).map((data) => ({
          specversion: '1.0',
          type: PageStates.card.eventType,
          ...attributes,
          data: { ...data, sourceOrg, alertKey },
        })),
      ),
    ),
    headers: hostileHeaders,
    ownerEpoch: fc.nat(4),
    write: fc.option(fc.nat(4), { nil: undefined }),
    watermark: fc.option(fc.record({ write: fc.nat(4), before: fc.nat(8) }), { nil: undefined }),
    isForgotten: fc.nat(9).map((drawn) => drawn === 0),
  }),
  { maxLength: 3 },
);

function readBack(state: AlertState): AlertState {
  const read = PageStates.decode(PageStates.encode(key, attributes, { ...state, ownerEpoch: 1 }));
  if (!read.ok) throw new Error(`a state that cannot be read back: ${read.detail}`);
  return stateIn(read.event.data);
}

export const deliveryTargets = (): Target[] => [
  target('page-delivery', fc.record({ ledger, commands }), ({ ledger, commands }) => {
    const reading = new LedgerReading();
    ledger.forEach(({ value, headers, ownerEpoch, write, watermark, isForgotten }, offset) => {
      const read = PageStates.decode({ value, headers });
      const by = { ownerEpoch, write };
      if (isForgotten) reading.add(key, offset, { said: 'forgotten', by });
      else if (read.ok) reading.add(key, offset, { said: stateIn(read.event.data), by, watermark });
    });
    const { alerts, idle } = reading.restored();
    const known = [...alerts, ...idle.all()].map(([, state]) => state);
    promise(known.length <= 1, 'one alert has two states');
    let state = known[0];
    for (const { command, offset, isReplay } of commands) {
      const replay = isReplay ? { replay: { from: 'paging.page-commands.v1.dead/0/1', possibleDuplicate: true } } : {};
      const decided = decide(state, { time: attributes.time, command, offset, ...replay }, now, defaultPolicy);
      state = decided.state;
      unreportedOutcomes(state);
    }
    if (!state) return;
    isForgettable(state, now, defaultPolicy);
    const again = readBack(state);
    promise(again.pages.length === state.pages.length, 'pages were lost on the way through the ledger');
    const idleState = { ...again, pages: again.pages.map((page) => ({ ...page, unreported: [] })) };
    if (!isIdle(idleState)) return;
    const wakes = fromIdleText(key, toIdleText(idleState));
    promise(wakes.pages.length === state.pages.length, 'pages were lost in an idle alert');
    readBack(wakes);
  }),
  target('page-delivery histories', histories, async (history) => {
    const [complaint] = await complaintsOf(history);
    promise(complaint === undefined, `${complaint}`);
  }),
];
