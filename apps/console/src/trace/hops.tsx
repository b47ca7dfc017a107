import { Button } from '@mantine/core';
import { duration, type Hop, type JudgedEvent, type JudgedHandle, wordsOfHops } from '@pagebridge/trace/words';
import { placeOf } from '@pagebridge/vocabulary';
import { useState } from 'react';
import { Copy } from '../look/copy.tsx';
import { Sentence } from '../look/notice/sentence.tsx';
import { type State, StateMark } from '../look/state-mark.tsx';
import { Time } from '../look/time/time.tsx';
import { AlertText, withText } from './alert-text.tsx';
import { type Folded, folded, type Group } from './groups.ts';
import classes from './trace.module.css';

type Words = (hop: Hop) => string;

/** An alert that fires again and again: what it did last stands first, the rest when asked for. */
const maxEvents = 20;

interface GroupsProps {
  readonly groups: readonly Group[];
  /** All events of the alert, whose pages give connections their names. */
  readonly events: readonly JudgedEvent[];
  readonly hasDetails: boolean;
}

/** The records of a firing in order: those of each event, then those of each handle under its head. */
export function Groups({ groups, events, hasDetails }: GroupsProps) {
  const words = wordsOfHops(events, (time) => time);
  const [isWhole, setWhole] = useState(false);
  const its = [...new Set(groups.map(({ event }) => event))];
  const earlier = isWhole ? [] : its.slice(0, -maxEvents);
  const told = withText(its.slice(earlier.length));
  return (
    <>
      {earlier.length > 0 && (
        <div>
          <Button onClick={() => setWhole(true)}>Show {earlier.length} earlier events</Button>
        </div>
      )}
      <ol className={classes.groups} aria-label="What happened">
        {groups
          .filter(({ event }) => !earlier.includes(event))
          .map((group) => (
            <li key={`${group.event.eventId} ${group.event.at} ${group.handle?.handle}`}>
              {group.handle && <Head handle={group.handle} />}
              <Hops group={group} words={words} hasDetails={hasDetails} />
              {!group.handle && group.event.alert && told.has(group.event) && (
                <AlertText alert={group.event.alert.alert} />
              )}
            </li>
          ))}
      </ol>
    </>
  );
}

const verdicts = {
  paged: ['paged', 'Paged'],
  waiting: ['waiting', 'Waiting'],
  'not-paged': ['not-paged', 'Not paged'],
  unknown: ['unknown', 'Unknown'],
  shared: ['joined', 'Paged through another handle'],
} as const satisfies Record<JudgedHandle['verdict']['kind'], readonly [State, string]>;

function Head({ handle: { handle, verdict } }: { readonly handle: JudgedHandle }) {
  const [state, word] = verdicts[verdict.kind];
  return (
    <div className={`row ${classes.head}`}>
      <StateMark state={state} word={word} />
      <code>{handle}</code>
    </div>
  );
}

function Hops({
  group,
  words,
  hasDetails,
}: {
  readonly group: Group;
  readonly words: Words;
  readonly hasDetails: boolean;
}) {
  const { hops, handle, event } = group;
  const rows = folded(hops);
  const beforeOf = (index: number): string => {
    const before = rows[index - 1];
    if (before === undefined) return handle ? event.at : '';
    return 'hops' in before ? (before.hops.at(-1)?.at ?? '') : before.at;
  };
  return (
    <ol className="plain">
      {rows.map((row, index) =>
        'hops' in row ? (
          <Same key={`${row.hops.map(placeOf)[0]} on`} folded={row} words={words} hasDetails={hasDetails} />
        ) : (
          <One key={placeOf(row)} hop={row} before={beforeOf(index)} words={words} hasDetails={hasDetails} />
        ),
      )}
      {handle && <Next handle={handle} />}
    </ol>
  );
}

interface OneProps {
  readonly hop: Hop;
  /** Time of the record before, since which the time is told; empty: the time of day. */
  readonly before: string;
  readonly words: Words;
  readonly hasDetails: boolean;
}

function One({ hop, before, words, hasDetails }: OneProps) {
  const { topic, partition, offset, at } = hop;
  const since = before === '' ? undefined : Math.max(0, Date.parse(at) - Date.parse(before));
  return (
    <li className={classes.hop} data-hop={placeOf(hop)}>
      <span className={classes.time} title={at}>
        {since === undefined ? <Time at={at} /> : `+${duration(since)}`}
      </span>
      <span className={isBad(hop) ? classes.bad : undefined}>
        <Sentence text={words(hop)} />
        {hasDetails && (
          <span className={classes.place}>
            {topic} partition {partition} offset {offset}
            <Copy text={`kcat -b $BROKERS -C -t ${topic} -p ${partition} -o ${offset} -c 1`} what="kcat line" isNamed />
          </span>
        )}
        {hasDetails && <Json name={`${topic}-${partition}-${offset}.json`} hop={hop} />}
      </span>
    </li>
  );
}

/** A record as the history has it, without the bytes that it keeps of unreadable ones. */
function Json({ name, hop }: { readonly name: string; readonly hop: Hop }) {
  const [isOpen, setOpen] = useState(false);
  const text = isOpen ? JSON.stringify(hop, null, 2) : '';
  return (
    <details onToggle={({ currentTarget: { open } }) => setOpen(open)}>
      <summary>JSON</summary>
      <div className="row">
        <Copy text={text} what="JSON" isNamed />
        <a download={name} href={`data:application/json,${encodeURIComponent(text)}`}>
          Download JSON
        </a>
      </div>
      <pre className={classes.json}>{text}</pre>
    </details>
  );
}

const bad: ReadonlySet<string> = new Set(['retried', 'undeliverable', 'unresolved']);
const isBad = (hop: Hop): boolean =>
  hop.kind === 'outcome'
    ? bad.has(hop.outcome.outcome)
    : hop.kind === 'unrouted' || hop.kind === 'dead-letter' || hop.kind === 'unreadable';

/** Failures like the one above, in one line until they are asked for. */
function Same({
  folded: { hops },
  words,
  hasDetails,
}: {
  readonly folded: Folded;
  readonly words: Words;
  readonly hasDetails: boolean;
}) {
  const [areShown, setShown] = useState(false);
  const [first, last] = [hops[0], hops.at(-1)];
  if (!first || !last) return null;
  if (areShown)
    return hops.map((hop, index) => (
      <One key={placeOf(hop)} hop={hop} before={hops[index - 1]?.at ?? ''} words={words} hasDetails={hasDetails} />
    ));
  return (
    <li className={classes.hop}>
      <span className={classes.time}>
        to <Time at={last.at} />
      </span>
      <span className="row">
        attempts {attemptOf(first)} to {attemptOf(last)}: same error
        <Button onClick={() => setShown(true)}>Show {hops.length}</Button>
      </span>
    </li>
  );
}

const attemptOf = (hop: Hop): number | undefined => (hop.kind === 'outcome' ? hop.outcome.attempts : undefined);

/** What comes next without anybody's doing, and until when. */
function Next({ handle: { verdict } }: { readonly handle: JudgedHandle }) {
  if (verdict.kind === 'not-paged' && verdict.late) {
    return <Planned at={verdict.late}>deadline: until then, the handle pages late if it becomes known</Planned>;
  }
  if (verdict.kind !== 'waiting') return null;
  const { nextAt, givenUpAt } = verdict;
  return (
    <>
      {nextAt && <Planned at={nextAt}>next attempt</Planned>}
      {givenUpAt && <Planned at={givenUpAt}>the page is given up and becomes a dead letter</Planned>}
    </>
  );
}

const Planned = ({ at, children }: { readonly at: string; readonly children: string }) => (
  <li className={classes.hop}>
    <span className={classes.time}>
      <Time at={at} />
    </span>
    <span>
      <StateMark state="waiting" word="Next" /> {children}
    </span>
  </li>
);
