import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { Notice } from '../look/notice/notice.tsx';
import { Read } from '../look/notice/read.tsx';
import { Time } from '../look/time/time.tsx';
import { AsRead } from './as-read.tsx';
import { DecisionWords, type Use } from './decision-words.tsx';
import type { Draft } from './draft.ts';
import classes from './explain.module.css';
import { explanationQuery } from './queries.ts';
import { noteOf, summaryOf } from './words.ts';

interface AnswerProps {
  readonly org: string;
  readonly draft: Draft;
  readonly onUse: Use;
}

/** What page-routing would do with a draft. While it is asked about a new one, the former answer stays, dimmed. */
export const Answer = memo(function Answer({ org, draft, onUse }: AnswerProps) {
  const query = useQuery(explanationQuery(org, draft));
  if (draft.message.trim() === '') return <p>Type or paste the text of an alert. Type @ to list handles.</p>;
  return (
    <Read query={query} what="Explanations" from="page-routing">
      {({ explanation: { decisions, refused, note }, draft: asked, at }) => (
        <div className={query.isPlaceholderData ? classes.former : undefined} aria-busy={query.isPlaceholderData}>
          <p className="dim">
            Registry of page-routing at <Time at={at} />
          </p>
          <p role="status" className={classes.summary}>
            {note === undefined ? summaryOf(decisions) : noteOf(note, asked)}
          </p>
          {refused && <Notice tone="bad">The alert would be rejected: {refused.detail}</Notice>}
          <ol className={classes.decisions}>
            {decisions.map((decision) => (
              <DecisionWords key={decision.mention ?? decision.kind} decision={decision} onUse={onUse} />
            ))}
          </ol>
          <h2>Recognized handles</h2>
          <AsRead text={asked.message} decisions={decisions} />
        </div>
      )}
    </Read>
  );
});
