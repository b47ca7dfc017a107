import { UsageError } from '@pagebridge/programs';
import { orgIdPattern } from '@pagebridge/vocabulary';
import { Option } from 'commander';

/** Returns the option for source orgs that own their alert topic; may be repeated. */
export const sourceOrgsOption = (does: string): Option =>
  new Option('--org <org>', `${does} the own alert topic of this source org; may be repeated`).argParser(
    (org: string, former: readonly string[] = []) => [...former, valid(org)],
  );

function valid(org: string): string {
  if (new RegExp(orgIdPattern).test(org)) return org;
  throw new UsageError(`--org must be 1 to 63 of a-z 0-9 -, with no - at either end, not ${JSON.stringify(org)}`);
}
