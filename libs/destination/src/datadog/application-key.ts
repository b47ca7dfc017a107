import type { ApplicationKey } from '../destination.ts';
import { attributesOf, idIn, type Json, listIn, objectIn, textIn } from './json.ts';

export function applicationKeysIn(body: Json): readonly ApplicationKey[] | undefined {
  return listIn(body.data)?.flatMap((item) => applicationKeyIn(item) ?? []);
}

function applicationKeyIn(item: unknown): ApplicationKey | undefined {
  const key = objectIn(item);
  const id = idIn(key?.id);
  if (!key || id === undefined) return undefined;
  const { name, last4, scopes } = attributesOf(key);
  const listed = listIn(scopes)?.flatMap((scope) => textIn(scope) ?? []);
  return { id, name: textIn(name) ?? '', last4: textIn(last4) ?? '', scopes: listed ?? null };
}
