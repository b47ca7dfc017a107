import { Option } from 'commander';
import { optionOrg } from '../http/act.ts';

/** Returns the option for source orgs that own their alert topic; may be repeated. */
export const sourceOrgsOption = (does: string): Option =>
  new Option('--org <org>', `${does} the own alert topic of this source org; may be repeated`).argParser(
    (org: string, former: readonly string[] = []) => [...former, optionOrg(org)],
  );
