import { readFileSync } from 'node:fs';
import { optionsOf, UsageError } from '@pagebridge/local-stack/base';
import { mutantNamed } from './mutants.ts';
import { type ProfileName, profiles } from './world.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly alertsPerSecond: number;
  /** Parts of the names of the faults; empty selects all. */
  readonly kinds: readonly string[];
  readonly profile: ProfileName;
  /** MariaDB, connection-management and handle-sync are down from before the first alert until after the last. */
  readonly withoutManagement: boolean;
  /** Adds hostile producers and destinations, and a lull in each minute. */
  readonly hostile: boolean;
  /** The number of alerts that page a destination which is down; 0: none. */
  readonly flood: number;
  /** Uses TLS, with a login and minimal rights for each program. */
  readonly isSecure: boolean;
  readonly mutant?: string;
}

export const help = `npm run chaos -- [options]: inject faults under load, then audit every alert; see test/chaos/README.md

  --seed N              seed for the alerts, the faults and their targets (1)
  --minutes M           duration of the faults in minutes (5)
  --rate N              alerts per second (25)
  --faults A,B          only faults whose names contain one of these texts
  --flood N             number of alerts in the flood, 0 for none (30000)
  --hostile             add producers and destinations that send arbitrary data
  --secure              use TLS, and a login with minimal rights for each program, in Kafka and MariaDB
  --without-management  run without MariaDB, connection-management and handle-sync
  --profile NAME        full: three brokers, two instances each, 20 destinations; small: one, one, four
  --mutant NAME         run page-delivery with a defect that the audit must find
  --regressions         repeat all runs that found a defect
  --help                print this help

The run starts and breaks a private Kafka, MariaDB and sandbox. KAFKA_BROKERS and DATABASE_URL are ignored.
`;

const usage = {
  seed: { type: 'string', default: '1' },
  minutes: { type: 'string' },
  rate: { type: 'string', default: '25' },
  faults: { type: 'string' },
  flood: { type: 'string', default: '30000' },
  profile: { type: 'string' },
  'without-management': { type: 'boolean', default: false },
  hostile: { type: 'boolean', default: false },
  secure: { type: 'boolean', default: false },
  mutant: { type: 'string' },
  regressions: { type: 'boolean', default: false },
} as const;

/** Returns the runs of a command line, one after another; undefined for `--help`. Throws UsageError. */
export function runsOf(args: readonly string[]): ChaosOptions[] | undefined {
  const values = optionsOf(args, usage);
  if (!values) return undefined;
  if (values.regressions) return regressions().flatMap(({ run }) => runsOf(run.split(' ')) ?? []);
  const { mutant, faults } = values;
  const shortest = mutant === undefined ? 5 : (mutantNamed(mutant).minutes ?? 0.15);
  const profile = values.profile ?? (mutant === undefined ? 'full' : 'small');
  if (!isProfile(profile))
    throw new UsageError(`no profile ${profile}\nhint: use ${Object.keys(profiles).join(' or ')}`);
  return [
    {
      seed: numberIn('seed', values.seed),
      minutes: numberIn('minutes', values.minutes ?? String(shortest)),
      alertsPerSecond: numberIn('rate', values.rate),
      kinds: faults?.split(',') ?? [],
      profile,
      withoutManagement: values['without-management'],
      hostile: values.hostile,
      flood: values.flood === '0' ? 0 : numberIn('flood', values.flood),
      isSecure: values.secure,
      ...(mutant === undefined ? {} : { mutant }),
    },
  ];
}

interface Regression {
  /** The arguments of `npm run chaos --`. */
  readonly run: string;
  /** The defect that the run found, and its fix. */
  readonly found: string;
}

const regressions = () =>
  JSON.parse(readFileSync(`${import.meta.dirname}/regressions.json`, 'utf8')) as readonly Regression[];

const isProfile = (name: string): name is ProfileName => Object.hasOwn(profiles, name);

function numberIn(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new UsageError(`--${name} must be a number above 0, not ${text}`);
  return value;
}
