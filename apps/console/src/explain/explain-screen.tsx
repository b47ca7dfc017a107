import { useDebouncedValue } from '@mantine/hooks';
import { getRouteApi, useLocation } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { Copy } from '../look/copy.tsx';
import { Title } from '../look/title.tsx';
import { Answer } from './answer.tsx';
import { curlOf, type Draft, usual } from './draft.ts';
import { DraftFields } from './draft-fields.tsx';
import { Editor } from './editor.tsx';
import classes from './explain.module.css';
import { fragmentOf, textIn } from './fragment.ts';
import { placesOf } from './marks.ts';
import { useWriting } from './use-writing.ts';

const route = getRouteApi('/o/$org/explain');

/** Whom a text would page, answered while it is typed. A link with a text begins anew; without one, the last draft is still there. */
export function ExplainScreen() {
  const { org } = route.useParams();
  const text = useLocation({ select: ({ hash }) => textIn(hash) });
  const entry = useLocation({ select: ({ state }) => state.__TSR_key });
  const place = text === '' ? org : `${org} ${entry}`;
  return <Explain key={place} org={org} place={place} text={text} />;
}

// *Back* finds what was typed. One draft is kept, in memory alone.
let kept: { readonly place: string; readonly draft: Draft } | undefined;

function Explain({ org, place, text }: { readonly org: string; readonly place: string; readonly text: string }) {
  const writing = useWriting();
  const { field, replace } = writing;
  const [draft, setDraft] = useState<Draft>(() => (kept?.place === place ? kept.draft : { ...usual, message: text }));
  const [asked] = useDebouncedValue(draft, 300);
  const change = (its: Partial<Draft>) => {
    kept = { place, draft: { ...draft, ...its } };
    setDraft(kept.draft);
  };
  const use = useCallback(
    (mention: string, handle: string) => replace(placesOf(field.current?.value ?? '', mention), handle),
    [field, replace],
  );
  const { origin, pathname } = window.location;
  return (
    <>
      <Title text="Explain: what would this text page?" />
      <div className={classes.sides}>
        <div className="stack">
          <Editor org={org} writing={writing} initial={draft.message} onText={(message) => change({ message })} />
          <DraftFields draft={draft} onChange={change} />
          <div className="row">
            <Copy text={`${origin}${pathname}#${fragmentOf(draft.message)}`} what="link" isNamed />
            <Copy text={curlOf(org, draft, new Date())} what="as curl" isNamed />
          </div>
        </div>
        <div>
          <Answer org={org} draft={asked} onUse={use} />
        </div>
      </div>
    </>
  );
}
