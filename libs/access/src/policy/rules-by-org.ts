import type { Policy, Rule, TrustedIssuer } from './policy.ts';

/**
 * Returns what a policy says, as sorted lines, by the source org that it concerns. `*` has what concerns all orgs: the issuers, operators,
 * and values that name an org. The order in the file changes nothing.
 */
export function rulesByOrg({ issuers, rules }: Policy): ReadonlyMap<string, readonly string[]> {
  const ofAll = [...issuers.values()].map((issuer) => ['*', trust(issuer)] as const);
  const ofRules = [...rules.values()].flat().flatMap(({ byValue, byOrg }) => {
    const its = [...[...byValue.values()].flat(), ...byOrg.map(({ rule }) => rule)];
    return its.map((rule) => [rule.sourceOrg ?? '*', grant(rule)] as const);
  });
  const lines = Map.groupBy([...ofAll, ...ofRules], ([org]) => org);
  return new Map([...lines].map(([org, its]) => [org, [...new Set(its.map(([, line]) => line))].toSorted()]));
}

const grant = ({ role, onBehalf, claim, value, issuer }: Rule): string =>
  `${role}${onBehalf ? ' and audit:on-behalf' : ''} by ${claim} ${value} of ${issuer}`;

const trust = ({ issuer, audience, types, algorithms, jwksUri }: TrustedIssuer): string =>
  `tokens of ${issuer} for ${audience}, ${[...types, ...algorithms, ...(jwksUri ? [jwksUri] : [])].join(' ')}`;
