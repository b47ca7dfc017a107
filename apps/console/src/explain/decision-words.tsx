import { Button } from '@mantine/core';
import { handleOf } from '@pagebridge/vocabulary';
import { Contenders } from '../handles/contenders.tsx';
import { StateMark } from '../look/state-mark.tsx';
import { Time } from '../look/time/time.tsx';
import type { Decision } from './queries.ts';
import { wordsOf } from './words.ts';

/** Puts another handle into the text in place of a mention. */
export type Use = (mention: string, handle: string) => void;

/** One decision: what the handle does, why, and what to do if that is not what was meant. */
export function DecisionWords({ decision, onUse }: { readonly decision: Decision; readonly onUse: Use }) {
  const { mention = '', nearest, waitingUntil, contenders = [] } = decision;
  const { state, word, says, details } = wordsOf(decision);
  return (
    <li>
      <div className="row">
        <StateMark state={state} word={word} />
        {mention && <code>{handleOf(mention)}</code>}
        {says}
        {waitingUntil && (
          <span>
            pages late if it becomes known before <Time at={waitingUntil} />
          </span>
        )}
      </div>
      <p className="dim">{details.join(', ')}</p>
      {nearest && (
        <div className="row">
          <span>
            Nearest handle: <code>{nearest.handle}</code>
          </span>
          <Button onClick={() => onUse(mention, nearest.handle)}>
            Use it<span className="visually-hidden">: {nearest.handle}</span>
          </Button>
        </div>
      )}
      {contenders.length > 1 && (
        <details>
          <summary>{contenders.length} teams claim this handle: winner and reason</summary>
          <Contenders contenders={contenders} />
        </details>
      )}
    </li>
  );
}
