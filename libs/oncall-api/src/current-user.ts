import { attributesOf, idIn, type Json, listIn, objectIn, textIn } from './json.ts';

/** The user an application key belongs to, with the permissions of its roles (a scoped key may hold fewer). */
export interface CurrentUser {
  readonly id: string;
  readonly name: string;
  readonly handle: string;
  readonly serviceAccount: boolean;
  readonly disabled: boolean;
  readonly org: { readonly id: string; readonly name: string };
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

export function currentUserIn(body: Json): CurrentUser | undefined {
  const data = objectIn(body.data);
  const id = idIn(data?.id);
  if (!data || id === undefined) return undefined;
  const attributes = attributesOf(data);
  const included = (listIn(body.included) ?? []).map(objectIn).filter((item) => item !== undefined);
  const org = included.find((item) => item.type === 'orgs');
  return {
    id,
    name: textIn(attributes.name) ?? '',
    handle: textIn(attributes.handle) ?? '',
    serviceAccount: attributes.service_account === true,
    disabled: attributes.disabled === true,
    org: { id: idIn(org?.id) ?? orgOf(data) ?? '', name: textIn(org && attributesOf(org).name) ?? '' },
    roles: namesOf(included, 'roles'),
    permissions: namesOf(included, 'permissions'),
  };
}

const namesOf = (included: readonly Json[], type: string): string[] =>
  included.filter((item) => item.type === type).flatMap((item) => textIn(attributesOf(item).name) ?? []);

const orgOf = (user: Json): string | undefined => idIn(objectIn(objectIn(objectIn(user.relationships)?.org)?.data)?.id);
