import { NativeSelect } from '@mantine/core';
import { type JudgedEvent, textOfTrace } from '@pagebridge/trace/words';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { HistoryRead } from '../history/history-read.tsx';
import { useHasHistory } from '../history/queries.ts';
import { traceCommand } from '../history/words.ts';
import { Copy } from '../look/copy.tsx';
import { Notice } from '../look/notice/notice.tsx';
import { Time } from '../look/time/time.tsx';
import { Title } from '../look/title.tsx';
import { Answer } from './answer.tsx';
import { firingsOf, groupsOf } from './groups.ts';
import { Groups } from './hops.tsx';
import { type StoredTrace, traceQuery } from './queries.ts';

const route = getRouteApi('/o/$org/trace');

/** What became of one alert: the answer first, the evidence below. */
export function TraceScreen() {
  const { org } = route.useParams();
  const { alert, page, find } = route.useSearch();
  const alertKey = alert ?? find;
  const query = useQuery({ ...traceQuery(org, { alert, page, find }), enabled: useHasHistory() !== false });
  return (
    <div className="stack">
      <Title text={query.data?.title || alertKey || 'Trace'} query={query}>
        {query.data && <Copies trace={query.data} />}
      </Title>
      <HistoryRead org={org} query={query} what="The trace" about={{ alert: query.data?.alertKey ?? alertKey, page }}>
        {(trace) => (trace.hops.length === 0 ? <None trace={trace} /> : <Found key={trace.alertKey} trace={trace} />)}
      </HistoryRead>
    </div>
  );
}

function Copies({ trace }: { readonly trace: StoredTrace }) {
  const { details } = route.useSearch();
  const text = () => textOfTrace({ ...trace, asOf: trace.asOf ?? trace.keptSince }, details === 'on');
  return (
    <>
      <Copy text={() => window.location.href} what="link" isNamed />
      <Copy text={text} what="as text" isNamed />
    </>
  );
}

/** An alert of which there is no record. */
function None({ trace: { alertKey, sourceOrg, keptSince, asOf } }: { readonly trace: StoredTrace }) {
  const command = traceCommand(sourceOrg, { alert: alertKey });
  return (
    <Notice actions={<Copy text={command} what="the command" />}>
      No record of <code>{alertKey}</code> between <Time at={keptSince} /> and {asOf ? <Time at={asOf} /> : 'now'}. It
      never reached Kafka, has not been read yet, or has expired. To search the topics, run <code>{command}</code>
    </Notice>
  );
}

function Found({ trace }: { readonly trace: StoredTrace }) {
  const { firing, details, event, page = '', find = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { events, hops, alertKey } = trace;
  const firings = firingsOf(events);
  // A link names a firing by its number, an event or a page; without a name it is the last one, and stays that one.
  const [last] = useState(firings.length);
  const named = firings.findIndex((its) => its.some((one) => isNamed(one, event, page || find)));
  const wanted = Number(firing) || named + 1 || last;
  const number = Math.min(Math.max(1, wanted), firings.length);
  const shown = firings[number - 1] ?? [];
  const groups = groupsOf(events, hops).filter(({ event }) => shown.includes(event));
  const choices = firings.map((_, index) => ({
    value: `${index + 1}`,
    label: `firing ${index + 1} of ${firings.length}`,
  }));
  return (
    <>
      <div className="row">
        <Link from="/o/$org/trace" to="/o/$org/alerts">
          Alerts
        </Link>
        <code>{alertKey}</code>
        {firings.length > 1 && (
          <NativeSelect
            aria-label="Firing"
            data={choices}
            value={`${number}`}
            onChange={({ currentTarget: { value } }) => void navigate({ search: (old) => ({ ...old, firing: value }) })}
          />
        )}
        <Link
          from="/o/$org/trace"
          to="/o/$org/trace"
          search={(old) => ({ ...old, details: details === 'on' ? undefined : 'on' })}
          replace
        >
          {details === 'on' ? 'Hide details' : 'Details'}
        </Link>
      </div>
      {firings.length > last && number < firings.length && (
        <Notice
          tone="waiting"
          actions={
            <Link from="/o/$org/trace" to="/o/$org/trace" search={(old) => ({ ...old, firing: `${firings.length}` })}>
              Show the last firing
            </Link>
          }
        >
          The alert fired again.
        </Notice>
      )}
      <Answer events={shown} />
      <Groups groups={groups} events={events} hasDetails={details === 'on'} />
      <Completeness trace={trace} />
    </>
  );
}

/** Returns whether an event is the one that a link names by its id, or by the id of one of its pages. */
const isNamed = ({ eventId, handles }: JudgedEvent, event: string | undefined, page: string): boolean =>
  eventId === event ||
  handles.some(({ pages }) =>
    pages.some(
      ({ pageId, outcomes }) => pageId === page || outcomes.some(({ outcome }) => outcome.destinationPageId === page),
    ),
  );

/** How far the trace goes, and what is missing. */
const Completeness = ({ trace: { asOf, missing } }: { readonly trace: StoredTrace }) => (
  <div className="dim">
    {asOf && (
      <p>
        {missing.length === 0 ? 'Complete' : 'Incomplete'}, as of <Time at={asOf} />.
      </p>
    )}
    {missing.length > 0 && (
      <ul>
        {missing.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    )}
  </div>
);
