import { Option } from 'commander';
import { optionOrg } from '../http/act.ts';

/** Returns the option for source orgs that own their alert topic; may be repeated. */
export const sourceOrgsOption = (does: string): Option =>
  new Option('--org <org>', `${does} the alert topic of this source org; repeatable`).argParser(
    (org: string, former: readonly string[] = []) => [...former, optionOrg(org)],
  );
