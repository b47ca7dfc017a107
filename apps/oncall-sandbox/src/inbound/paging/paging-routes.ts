import type { Caller } from '../../domain/access/access.ts';
import { act, type PageAction, type PageActor } from '../../domain/on-call/pages.ts';
import { isUuid } from '../../domain/seeded-id.ts';
import { type Answer, noSuch, notAUuid, ok } from '../answer.ts';
import { get, guarded, type KnownCall, post, type Route } from '../route.ts';
import { pageInput } from './page-input.ts';

const path = '/api/v2/on-call/pages';

/** All routes of the paging host. A read of pages answers an empty body, as the real host does: the API host reads them. */
export const pagingRoutes: readonly Route[] = [
  post(path, guarded('on_call_page', create)),
  post(`${path}/:id/acknowledge`, guarded('on_call_respond', acting('acknowledge'))),
  post(`${path}/:id/escalate`, guarded('on_call_respond', acting('escalate'))),
  post(`${path}/:id/resolve`, guarded('on_call_respond', acting('resolve'))),
  get(path, guarded('on_call_read', nothing)),
  get(`${path}/:id`, guarded('on_call_read', nothing)),
];

function create({ org, caller, body, now }: KnownCall): Answer {
  const input = pageInput(org, caller.user, body);
  if ('status' in input) return input;
  const page = org.pages.create(org.dependencies.uuid(), input, actorOf(caller), now);
  return ok({ data: { id: page.id, type: 'pages' } });
}

function acting(action: PageAction): (call: KnownCall) => Answer {
  return ({ org, caller, params, now }) => {
    const id = params.id ?? '';
    if (!isUuid(id)) return notAUuid('page_id');
    const page = org.pages.find(id);
    if (!page) return noSuch('page', id);
    act(page, action, actorOf(caller), now);
    return { status: 202 };
  };
}

function nothing(): Answer {
  return { status: 200 };
}

const actorOf = ({ apiKey, applicationKey, user }: Caller): PageActor => ({
  userId: user.id,
  apiKey: apiKey.name,
  applicationKey: applicationKey.name,
});
