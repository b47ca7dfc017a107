import { StateMark } from '../look/state-mark.tsx';
import classes from './explain.module.css';
import { type Piece, piecesOf } from './marks.ts';
import type { Decision } from './queries.ts';
import { wordsOf } from './words.ts';

interface AsReadProps {
  readonly text: string;
  /** Empty: the handles are marked without a decision. */
  readonly decisions: readonly Decision[];
}

/** A text as page-routing reads it: each handle is marked, with the number of its decision. */
export function AsRead({ text, decisions }: AsReadProps) {
  const words = decisions.map(wordsOf);
  const partOf = ({ at, text: part, isHandle, number = 0 }: Piece) => {
    if (!isHandle) return <span key={at}>{part}</span>;
    const its = words[number - 1];
    return (
      <mark key={at} className={classes.mark}>
        {its && <StateMark state={its.state} word={String(number)} />}
        {its && <span className="visually-hidden">{its.word} </span>}
        {part}
      </mark>
    );
  };
  return <p className={classes.read}>{piecesOf(text, decisions).map(partOf)}</p>;
}
