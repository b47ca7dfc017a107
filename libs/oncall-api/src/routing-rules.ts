import { idIn, type Json, listIn, objectIn } from './json.ts';

/** A team's routing rules: a team with none is not an On-Call team. */
export interface RoutingRules {
  readonly teamId: string;
  readonly ruleIds: readonly string[];
}

export function routingRulesIn(body: Json): RoutingRules | undefined {
  const data = objectIn(body.data);
  const teamId = idIn(data?.id);
  if (!data || teamId === undefined) return undefined;
  const rules = listIn(objectIn(objectIn(data.relationships)?.rules)?.data) ?? [];
  return { teamId, ruleIds: rules.flatMap((rule) => idIn(objectIn(rule)?.id) ?? []) };
}
