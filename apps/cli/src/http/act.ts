import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { orUsage, UsageError } from '@pagebridge/process';
import { useProxy } from '@pagebridge/process/proxy';
import { orgIdPattern } from '@pagebridge/vocabulary';
import type { Command } from 'commander';
import { type Chosen, chosenContext } from '../contexts/chosen-context.ts';
import type { ServiceName } from '../contexts/context.ts';
import { accessTokenOf } from '../login/access-token.ts';
import type { Form } from '../output/output.ts';
import { Services } from './services.ts';

/** The values of options, by their names in camel case. */
export type Options = Readonly<Record<string, unknown>>;

/** What the action of a command gets. */
export interface Run {
  readonly chosen: Chosen;
  readonly services: Services;
  readonly args: readonly string[];
  readonly options: Options;
  readonly form: Form;
  /** Where a service is, in words. */
  readonly placeOf: (service: ServiceName) => string;
  /** The source org. Reading it throws UsageError if none is named. */
  readonly org: string;
}

/** Gets the exit code of a command. */
export type End = (code: number) => void;

/** Makes `work` the action of a command that calls the services of a context. */
export function act(command: Command, end: End, work: (run: Run) => Promise<number>): Command {
  return command.action(async (...given: unknown[]) => {
    const own = given.at(-1) as Command;
    const args = own.processedArgs.filter((its) => typeof its === 'string');
    end(await work(runOf(args, own.optsWithGlobals())));
  });
}

/** Returns what a command gets that calls the services of a context. Throws UsageError. */
export function runOf(args: readonly string[], options: Options): Run {
  const chosen = chosenContext(process.env);
  reach(chosen);
  const services = new Services(
    chosen.context,
    () => accessTokenOf(chosen, process.env),
    textIn(options, 'onBehalfOf'),
  );
  return {
    ...{ chosen, services, args, options, form: (options.output ?? 'table') as Form },
    placeOf: (service) => `${chosen.name} (${services.addressOf(service)})`,
    get org() {
      const org = orgIn(options) ?? chosen.context.org;
      if (org === undefined) throw new UsageError('source org is missing\nhint: use --org, or set org in the context');
      return org;
    },
  };
}

/** Returns the source org of an option. Throws UsageError. */
export function optionOrg(org: string): string {
  if (new RegExp(orgIdPattern).test(org)) return org;
  throw new UsageError(
    `--org ${JSON.stringify(org)}: not a source org id\nhint: use 1 to 63 of a-z 0-9 -, without - at the start or end`,
  );
}

/** Returns the source org that the command line or the environment names. Throws UsageError. */
export function orgIn(options: Options): string | undefined {
  const org = textIn(options, 'org') ?? (process.env.PAGEBRIDGE_ORG || undefined);
  return org === undefined ? undefined : optionOrg(org);
}

/** Makes calls go through the proxy, and trust the CAs of the context beside the usual ones. */
function reach({ context }: Chosen): void {
  orUsage(useProxy);
  const { 'ca-file': file } = context;
  if (file !== undefined) {
    orUsage(() => tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(file, 'utf8')]));
  }
}

export const textIn = (options: Options, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
};
