import type { Check } from './use-checks.ts';

/** Returns what a check is about, in words: `on_call_page`, `api key`. */
export const aboutOf = ({ name }: Check): string =>
  name.startsWith('permission:') ? name.slice('permission:'.length) : name.replaceAll('-', ' ');

/** Returns what a check found: `on_call_page is missing: needed for creating pages`. */
export const foundBy = (check: Check): string =>
  `${aboutOf(check)}${check.detail.startsWith('missing: ') ? ' is' : ':'} ${check.detail}`;

/** Returns the checks with one of these results, in their order. */
export const withResult = (checks: readonly Check[], ...results: readonly Check['result'][]): Check[] =>
  checks.filter(({ result }) => results.includes(result));
