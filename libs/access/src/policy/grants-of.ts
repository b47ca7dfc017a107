import { orgIdPattern } from '@pagebridge/vocabulary';
import type { Grant } from '../identity.ts';
import { type Permission, roles } from '../permissions.ts';
import { orgPlace, type Policy, type Rule } from './policy.ts';

/** What a token says of its bearer. */
export type Claims = Readonly<Record<string, unknown>>;

/** What a policy gives to the bearer of a token of this issuer: one grant for each source org. */
export function grantsOf({ rules }: Policy, issuer: string, claims: Claims): Grant[] {
  const held = new Map<string, Set<Permission>>();
  for (const rule of rules) {
    if (rule.issuer !== issuer) continue;
    for (const text of textsAt(claims, rule.claim)) {
      const sourceOrg = orgOf(rule, text);
      if (sourceOrg === undefined) continue;
      const permissions = held.get(sourceOrg) ?? new Set();
      for (const permission of roles[rule.role]) permissions.add(permission);
      if (rule.onBehalf) permissions.add('audit:on-behalf');
      held.set(sourceOrg, permissions);
    }
  }
  return [...held].map(([sourceOrg, permissions]) => ({ sourceOrg, permissions }));
}

const orgId = new RegExp(orgIdPattern);

/** The source org that a rule means where its claim has this value, `*` for all; undefined where it means none. */
function orgOf({ value, sourceOrg = '*' }: Rule, text: string): string | undefined {
  const [before = '', after] = value.split(orgPlace);
  if (after === undefined) return text === value ? sourceOrg : undefined;
  if (text.length < before.length + after.length || !text.startsWith(before) || !text.endsWith(after)) return undefined;
  const org = text.slice(before.length, text.length - after.length);
  return orgId.test(org) ? org : undefined;
}

/** A claim of that name, dots and all, goes before one that the dots lead to. */
function textsAt(claims: Claims, name: string): readonly string[] {
  const value = Object.hasOwn(claims, name) ? claims[name] : name.split('.').reduce<unknown>(memberOf, claims);
  return [value].flat().filter((text) => typeof text === 'string');
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Claims)[name] : undefined;
