import { answerOf, type JudgedEvent } from '@pagebridge/trace/words';
import { Link, useParams } from '@tanstack/react-router';
import { CheckAgain } from '../connections/check-again.tsx';
import { fragmentOf } from '../explain/fragment.ts';
import { Copy } from '../look/copy.tsx';
import { PermittedLink } from '../look/form/permitted.tsx';
import { Notice } from '../look/notice/notice.tsx';
import { Sentence } from '../look/notice/sentence.tsx';
import { type State, StateMark } from '../look/state-mark.tsx';
import { type Remedy, remedyOf } from './remedy.ts';

const marks = {
  paged: ['paged', 'Paged', 'note'],
  waiting: ['waiting', 'Waiting', 'waiting'],
  'not-paged': ['not-paged', 'Not paged', 'bad'],
  unknown: ['unknown', 'Unknown', 'note'],
} as const satisfies Record<string, readonly [State, string, 'note' | 'waiting' | 'bad']>;

/** What became of a firing: in one sentence, with the one thing that somebody can do. */
export function Answer({ events }: { readonly events: readonly JudgedEvent[] }) {
  const { kind, sentence, cure } = answerOf(events, (time) => time);
  const [state, word, tone] = marks[kind];
  const remedy = remedyOf(events);
  return (
    <Notice tone={tone} actions={remedy && <Action remedy={remedy} />}>
      <StateMark state={state} word={word} />
      <Sentence text={sentence.startsWith(word) ? sentence.slice(word.length) : ` ${sentence}`} />
      {cure && (
        <div className="row">
          <span>{cure}</span> <Copy text={cure} what="the fix" />
        </div>
      )}
    </Notice>
  );
}

function Action({ remedy }: { readonly remedy: Remedy }) {
  const { org = '' } = useParams({ strict: false });
  switch (remedy.kind) {
    case 'replace-keys':
      return (
        <PermittedLink
          permission="credentials:write"
          variant="filled"
          to="/o/$org/connections/$id/keys"
          params={{ org, id: remedy.connectionId }}
        >
          Replace keys
        </PermittedLink>
      );
    case 'check-again':
      return <CheckAgain connection={{ sourceOrg: org, id: remedy.connectionId }} />;
    case 'use-nearest':
      return (
        <Link to="/o/$org/explain" params={{ org }} hash={fragmentOf(remedy.message)}>
          Use {remedy.handle}
        </Link>
      );
    case 'replay':
      return (
        <Link to="/o/$org/dead-letters" params={{ org }} search={{ topic: remedy.topic }}>
          Replay the dead letter
        </Link>
      );
  }
}
