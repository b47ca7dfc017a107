import { type ApplicationKey, last4 } from '../../domain/access/keys.ts';
import type { Org } from '../../domain/org.ts';
import { type Answer, badQuery, ok, textErrors } from '../answer.ts';
import { get, guarded, type KnownCall, type Route } from '../route.ts';
import { listPage, sliceOf } from './paging-query.ts';
import { userResource } from './resources.ts';

/** Application keys of the caller, of a service account, or of the org. Answers show only the last 4 characters of a key. */
export const keyRoutes: readonly Route[] = [
  get(
    '/api/v2/current_user/application_keys',
    guarded('user_app_keys', (call) => list(call, call.caller.user.id)),
  ),
  get(
    '/api/v2/current_user/application_keys/:keyId',
    guarded('user_app_keys', (call) => one(call, call.caller.user.id)),
  ),
  get(
    '/api/v2/service_accounts/:accountId/application_keys',
    guarded('service_account_write', (call) => ofAccount(call, list)),
  ),
  get(
    '/api/v2/service_accounts/:accountId/application_keys/:keyId',
    guarded('service_account_write', (call) => ofAccount(call, one)),
  ),
  get(
    '/api/v2/application_keys/:keyId',
    guarded('org_app_keys_read', (call) => one(call, undefined)),
  ),
];

const sorts: Record<string, (key: ApplicationKey) => string> = {
  name: ({ name }) => name,
  last4,
  created_at: ({ createdAt }) => createdAt.toISOString(),
};

function ofAccount(call: KnownCall, answer: (call: KnownCall, ownerId: string) => Answer): Answer {
  const account = call.org.users.find(call.params.accountId ?? '');
  return account?.serviceAccount ? answer(call, account.id) : textErrors(404, 'Service account not found');
}

function list({ org, query }: KnownCall, ownerId: string): Answer {
  const page = listPage(query, 100);
  if ('status' in page) return page;
  const sort = query.get('sort') ?? 'name';
  const field = sorts[sort.replace(/^-/, '')];
  if (!field) return badQuery('sort', 'one of name, last4, created_at');
  const filter = query.get('filter')?.toLowerCase() ?? '';
  const found = org.applicationKeys
    .all()
    .filter((key) => key.ownerId === ownerId && key.name.toLowerCase().includes(filter))
    .sort((a, b) => field(a).localeCompare(field(b), 'en') * (sort.startsWith('-') ? -1 : 1));
  return ok({
    data: sliceOf(found, page).map(keyResource),
    ...(query.get('include') === 'owned_by' ? { included: ownersOf(org, found.slice(0, 1)) } : {}),
    meta: { page: { total_filtered_count: found.length }, max_allowed_per_user: 1000 },
  });
}

function one({ org, params }: KnownCall, ownerId: string | undefined): Answer {
  const key = org.applicationKeys.all().find(({ id }) => id === params.keyId);
  if (!key || (ownerId !== undefined && key.ownerId !== ownerId)) return textErrors(404, 'Application key not found');
  const { relationships, ...resource } = keyResource(key);
  const owned = { ...relationships, owned_by: { data: { type: 'users', id: key.ownerId } } };
  return ok({ data: { ...resource, relationships: owned }, included: ownersOf(org, [key]) });
}

const ownersOf = (org: Org, keys: readonly ApplicationKey[]) =>
  keys.flatMap(({ ownerId }) => {
    const owner = org.users.find(ownerId);
    return owner ? [userResource(org, owner)] : [];
  });

const keyResource = (key: ApplicationKey) => ({
  type: 'application_keys',
  id: key.id,
  attributes: { name: key.name, created_at: key.createdAt, last4: last4(key), scopes: key.scopes, last_used_at: null },
  relationships: { leak_information: { data: null } },
});
