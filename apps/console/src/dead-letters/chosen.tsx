import { Button } from '@mantine/core';
import { placeOf } from '@pagebridge/vocabulary';
import { useMutation } from '@tanstack/react-query';
import { Copy } from '../look/copy.tsx';
import { Permitted } from '../look/form/permitted.tsx';
import { type Column, DataTable } from '../look/list/data-table.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { Sentence } from '../look/notice/sentence.tsx';
import { StateMark } from '../look/state-mark.tsx';
import { useMay } from '../session/me.ts';
import { type DeadLetter, previewOf, replayOf, type Verdict } from './queries.ts';
import { countOf, markOf } from './words.ts';

interface ChosenProps {
  readonly org: string;
  readonly letters: readonly DeadLetter[];
  /** Whether page-history sends letters again. */
  readonly isOn: boolean;
  readonly onClear: () => void;
}

/** What sending the chosen letters again does now, and the button that does it. Where this person cannot, the commands that do. */
export function Chosen({ org, letters, isOn, onClear }: ChosenProps) {
  const may = useMay(org, 'dead-letters:replay');
  const preview = useMutation({ mutationFn: (its: readonly DeadLetter[]) => previewOf(org, its) });
  const replay = useMutation({ mutationFn: (its: readonly Verdict[]) => replayOf(org, its) });
  const { variables: previewed = [] } = preview;
  // A preview is of the letters that were selected then. What was sent stays until another preview, whatever is selected.
  const isOfThese = previewed.map(placeOf).join() === letters.map(placeOf).join();
  const judged = isOfThese ? preview.data?.letters : undefined;
  const toSend = replay.data ? [] : (judged ?? []).filter(({ verdict }) => verdict === 'replay');
  const said = replay.data?.letters ?? judged;
  const error = replay.error ?? (isOfThese && preview.error);
  const isBusy = preview.isPending || replay.isPending;
  if (letters.length === 0 && replay.isIdle) return <p className="dim">Select dead letters to preview a replay.</p>;
  const ask = () => {
    replay.reset();
    preview.mutate(letters);
  };
  const clear = () => {
    if (!isBusy) replay.reset();
    onClear();
  };
  return (
    <section aria-label="Selected dead letters" className="stack">
      <div className="row">
        <strong>{countOf(letters.length)} selected</strong>
        {isOn && letters.length > 0 && (
          <Permitted permission="dead-letters:replay" onClick={() => isBusy || ask()}>
            Preview
          </Permitted>
        )}
        {toSend.length > 0 && (
          <Permitted
            permission="dead-letters:replay"
            variant="filled"
            onClick={() => isBusy || replay.mutate(toSend)}
          >{`Send ${toSend.length} again`}</Permitted>
        )}
        <Button onClick={clear}>Clear selection</Button>
        <span role="status">
          {preview.isPending && 'Reading Kafka (up to 25 s)…'}
          {replay.isPending && `Sending ${replay.variables.length} again (up to 25 s)…`}
        </span>
      </div>
      {error && <ProblemWords error={error} />}
      {said && !replay.error && <Verdicts of={said} letters={previewed} />}
      {(!isOn || may === false) && <Commands letters={letters} isOn={isOn} />}
    </section>
  );
}

function Verdicts({ of, letters }: { readonly of: readonly Verdict[]; readonly letters: readonly DeadLetter[] }) {
  const titles = new Map(letters.map((letter) => [placeOf(letter), letter.title || placeOf(letter)]));
  const columns: readonly Column<Verdict>[] = [
    { head: 'Dead letter', cell: (verdict) => <bdi>{titles.get(placeOf(verdict))}</bdi> },
    { head: 'Result', cell: (verdict) => <StateMark {...markOf(verdict)} /> },
    { head: 'Reason', cell: ({ why }) => <Sentence text={why} /> },
  ];
  return <DataTable label="Result of a replay" columns={columns} rows={of} keyOf={placeOf} />;
}

function Commands({ letters, isOn }: Pick<ChosenProps, 'letters' | 'isOn'>) {
  const commands = letters.map(({ command }) => command).join('\n');
  return (
    <div className="stack">
      <p>
        {isOn ? '' : 'Replays from the console are disabled in this installation. '}An operator can preview these dead
        letters with the commands below, and send them with replay instead of preview:
      </p>
      <pre>
        <code>{commands}</code>
      </pre>
      <Copy text={commands} what={letters.length === 1 ? 'the command' : 'the commands'} />
    </div>
  );
}
