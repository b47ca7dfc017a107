import type { CurrentUser } from '../destination.ts';
import { attributesOf, idIn, type Json, listIn, objectIn, textIn } from './json.ts';

export function currentUserIn(body: Json): CurrentUser | undefined {
  const data = objectIn(body.data);
  const id = idIn(data?.id);
  if (!data || id === undefined) return undefined;
  const attributes = attributesOf(data);
  const included = (listIn(body.included) ?? []).map(objectIn).filter((item) => item !== undefined);
  const org = included.find((item) => item.type === 'orgs');
  return {
    id,
    serviceAccount: attributes.service_account === true,
    disabled: attributes.disabled === true,
    org: { id: idIn(org?.id) ?? orgOf(data) ?? '', name: textIn(org && attributesOf(org).name) ?? '' },
    permissions: included
      .filter((item) => item.type === 'permissions')
      .flatMap((item) => textIn(attributesOf(item).name) ?? []),
  };
}

const orgOf = (user: Json): string | undefined => idIn(objectIn(objectIn(objectIn(user.relationships)?.org)?.data)?.id);
