import { respondersOf } from '../../domain/on-call/on-call.ts';
import { type PageState, pageStatuses, pageUrgencies, stateAt } from '../../domain/on-call/pages.ts';
import type { Org } from '../../domain/org.ts';
import { isUuid } from '../../domain/seeded-id.ts';
import { type Answer, badQuery, jsonApi, noSuch, notAUuid, ok } from '../answer.ts';
import { get, guarded, type KnownCall, type Route } from '../route.ts';
import { listPage, sliceOf } from './paging-query.ts';

const path = '/api/v2/on-call/pages';
const most = { size: 1000, offset: 50_000 };

/** The routes that read pages back. The list shows a change after `pageListLagMs`; the read of one page shows it at once. */
export const pageRoutes: readonly Route[] = [
  get(path, guarded('on_call_read', listPages)),
  get(`${path}/:id`, guarded('on_call_read', onePage)),
];

const created = ({ page }: PageState): number => page.createdAt.getTime();
const modified = ({ modifiedAt }: PageState): number => modifiedAt.getTime();
// The real API has the first two names in one place of its documentation, and the last two in another.
const sorts = new Map([
  ['created', created],
  ['modified', modified],
  ['status', ({ status }) => pageStatuses.indexOf(status)],
  ['priority', ({ page }) => pageUrgencies.indexOf(page.urgency)],
  ['created_at', created],
  ['modified_at', modified],
] satisfies [string, (state: PageState) => number][]);

function listPages({ org, query, now }: KnownCall): Answer {
  const part = listPage(query, Number.MAX_SAFE_INTEGER);
  if ('status' in part) return part;
  if (part.size > most.size) return badQuery('page[size]', `at most ${most.size}`);
  if (part.number * part.size >= most.offset)
    return badQuery('page[number]', `page[number] * page[size] less than ${most.offset}`);
  if (query.has('filter[query]')) return badQuery('filter[query]', 'none, since the sandbox cannot search pages');
  const sort = query.get('sort') ?? '-created';
  const key = sorts.get(sort.replace(/^-/, ''));
  if (!key) return badQuery('sort', `one of ${[...sorts.keys()].join(', ')}, with "-" for descending`);
  const sign = sort.startsWith('-') ? -1 : 1;
  const shownAt = new Date(now.getTime() - org.settings.pageListLagMs);
  const found = org.pages
    .all()
    .flatMap((page) => stateAt(page, shownAt) ?? [])
    .sort((a, b) => sign * (key(a) - key(b) || a.page.number - b.page.number));
  const pagination = { ...part, total: found.length };
  return ok({ data: sliceOf(found, part).map((state) => pageResource(org, state)), meta: { pagination } }, jsonApi);
}

function onePage({ org, params, now }: KnownCall): Answer {
  const id = params.id ?? '';
  if (!isUuid(id)) return notAUuid('page_id');
  const page = org.pages.find(id);
  const state = page && stateAt(page, now);
  return state ? ok({ data: pageResource(org, state) }, jsonApi) : noSuch('page', id);
}

function pageResource(org: Org, { page, status, modifiedAt, acknowledgedAt, closedAt, closedBy }: PageState) {
  const attributes = {
    title: page.title,
    description: page.description ?? '',
    urgency: page.urgency,
    status,
    key: String(page.number),
    tags: page.tags,
    services: [],
    created_at: page.createdAt,
    modified_at: modifiedAt,
    acknowledged_at: acknowledgedAt,
    closed_at: closedAt,
    escalation_policy_uuid: null,
    comment_count: 0,
    // The documentation lets a page have fields that no client knows.
    undocumented: { sandbox: true },
  };
  const target = page.team ? { type: 'teams', id: page.team.id } : userIn(page.target.identifier);
  const relationships = {
    author: { data: userIn(page.createdBy.userId) },
    closed_by: { data: closedBy && userIn(closedBy.userId) },
    responders: { data: respondersOf(org).map(({ id }) => userIn(id)) },
    target: { data: target },
  };
  return { type: 'pages', id: page.id, attributes, relationships };
}

const userIn = (id: string) => ({ type: 'users', id });
