import { idIn, type Json, listIn, objectIn } from './json.ts';

/** Returns whether a team has routing rules; a team without them is not an On-Call team. */
export function hasRoutingRules(body: Json): boolean | undefined {
  const data = objectIn(body.data);
  if (!data || idIn(data.id) === undefined) return undefined;
  const rules = listIn(objectIn(objectIn(data.relationships)?.rules)?.data) ?? [];
  return rules.some((rule) => idIn(objectIn(rule)?.id) !== undefined);
}
