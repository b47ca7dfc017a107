import { orgIdPattern } from '@pagebridge/vocabulary';
import type { Grant } from '../identity.ts';
import { type Permission, roles } from '../permissions.ts';
import type { Policy, Rule } from './policy.ts';

/** The claims of a token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Returns the grants that a policy gives for the claims of an issuer's token: one for each source org. */
export function grantsOf({ rules }: Policy, issuer: string, claims: Claims): Grant[] {
  const held = new Map<string, Set<Permission>>();
  const give = ({ role, onBehalf }: Rule, sourceOrg: string): void => {
    const permissions = held.get(sourceOrg) ?? new Set();
    for (const permission of roles[role]) permissions.add(permission);
    if (onBehalf) permissions.add('audit:on-behalf');
    held.set(sourceOrg, permissions);
  };
  for (const { claim, byValue, byOrg } of rules.get(issuer) ?? []) {
    for (const text of textsAt(claims, claim)) {
      for (const rule of byValue.get(text) ?? []) {
        if (rule.role === 'operator') give(rule, '*');
        else if (rule.sourceOrg !== undefined) give(rule, rule.sourceOrg);
      }
      for (const { rule, before, after } of byOrg) {
        const org = orgBetween(before, text, after);
        if (org !== undefined) give(rule, org);
      }
    }
  }
  return [...held].map(([sourceOrg, permissions]) => ({ sourceOrg, permissions }));
}

const orgId = new RegExp(orgIdPattern);

function orgBetween(before: string, text: string, after: string): string | undefined {
  if (!text.startsWith(before) || !text.endsWith(after)) return undefined;
  const org = text.slice(before.length, text.length - after.length);
  return orgId.test(org) ? org : undefined;
}

/** Returns the texts of a claim. A claim whose name contains the dots takes precedence over a nested one. */
function textsAt(claims: Claims, name: string): readonly string[] {
  const value = Object.hasOwn(claims, name) ? claims[name] : name.split('.').reduce<unknown>(memberOf, claims);
  return [value].flat().filter((text) => typeof text === 'string');
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Claims)[name] : undefined;
