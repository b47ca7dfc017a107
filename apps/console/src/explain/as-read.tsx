import { StateMark } from '../look/state-mark.tsx';
import classes from './explain.module.css';
import { type Piece, piecesOf } from './marks.ts';
import type { Decision } from './queries.ts';
import { wordsOf } from './words.ts';

/** The text as page-routing reads it: each handle is marked, with the number of its decision. */
export function AsRead({ text, decisions }: { readonly text: string; readonly decisions: readonly Decision[] }) {
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
  return (
    <>
      <h2>Recognized handles</h2>
      <p className={classes.read}>{piecesOf(text, decisions).map(partOf)}</p>
    </>
  );
}
