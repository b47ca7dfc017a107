import { UsageError } from '@pagebridge/programs';
import { orgIdPattern } from '@pagebridge/vocabulary';

/** Returns the source orgs given by `--org`; throws UsageError for an invalid one. */
export function sourceOrgsIn(named: readonly string[] = []): readonly string[] {
  const wrong = named.find((org) => !new RegExp(orgIdPattern).test(org));
  if (wrong === undefined) return named;
  throw new UsageError(`--org must be 1 to 63 of a-z 0-9 -, with no - at either end, not ${JSON.stringify(wrong)}`);
}
