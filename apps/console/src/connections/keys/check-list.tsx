import { Copy } from '../../look/copy.tsx';
import { StateMark } from '../../look/state-mark.tsx';
import classes from './check-list.module.css';
import { aboutOf, foundBy, withResult } from './check-words.ts';
import type { Check } from './use-checks.ts';

interface CheckListProps {
  readonly checks: readonly Check[];
  /** More checks may come: then what has failed stays below, and nothing moves. */
  readonly isRunning?: boolean;
  /** Whether those that need nobody are a line that can be opened. */
  readonly isFolded?: boolean;
}

/** Checks and their cures: those that failed first, those that need nobody in one line. */
export function CheckList({ checks, isRunning = false, isFolded = false }: CheckListProps) {
  const problems = [...withResult(checks, 'failed'), ...withResult(checks, 'unknown')].map((check) => (
    <li key={check.name}>
      <StateMark state={check.result} /> {foundBy(check)}
      {check.cure && (
        <div className={`row ${classes.cure}`}>
          <span>{check.cure}</span>
          <Copy text={check.cure} what={`the fix for ${aboutOf(check)}`} />
        </div>
      )}
    </li>
  ));
  const fine = withResult(checks, 'passed', 'skipped');
  const marks = (
    <div className="row">
      {fine.map((check) => (
        <StateMark key={check.name} state={check.result} word={aboutOf(check)} />
      ))}
    </div>
  );
  const others = (
    <li key="others">
      {isFolded ? (
        <details>
          <summary>{wordsOf(fine)}</summary>
          {marks}
        </details>
      ) : (
        marks
      )}
    </li>
  );
  return <ul className={classes.list}>{isRunning ? [others, ...problems] : [...problems, others]}</ul>;
}

const wordsOf = (checks: readonly Check[]): string =>
  (['passed', 'skipped'] as const)
    .map((result) => [withResult(checks, result).length, result] as const)
    .flatMap(([count, result]) => (count > 0 ? [`${count} ${result}`] : []))
    .join(', ');
