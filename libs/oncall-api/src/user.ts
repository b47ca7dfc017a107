import { attributesOf, idIn, type Json, listIn, objectIn, textIn } from './json.ts';

/** A user of the destination org. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly handle: string;
}

export function usersIn(body: Json): readonly User[] | undefined {
  return listIn(body.data)?.flatMap((item) => userIn(item) ?? []);
}

function userIn(item: unknown): User | undefined {
  const user = objectIn(item);
  const id = idIn(user?.id);
  if (!user || id === undefined) return undefined;
  const { name, handle } = attributesOf(user);
  return { id, name: textIn(name) ?? '', handle: textIn(handle) ?? '' };
}
