import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, root } from '@pagebridge/local-stack/base';
import type { Audit } from './audit/audit.ts';

interface Mutant {
  /** The number of the JSON line that must not be 0. */
  readonly breaks: 'lost' | 'duplicatesUntagged' | 'orderViolations' | 'joinedClosed';
  /** The faults that expose the defect, so that a short run is sufficient. */
  readonly shownBy: readonly string[];
  /** The minutes that a run needs to expose it; by default a few seconds. */
  readonly minutes?: number;
  readonly patch: Patch;
}

/** A change of the built code: `code` must match exactly once, and `becomes` may contain its groups. */
interface Patch {
  readonly file: string;
  readonly code: RegExp;
  readonly becomes: string;
}

/**
 * Defects of page-delivery, and the number of the audit that must detect each. The nightly tests run all of them.
 *
 * Each patch matches as little code as possible, at the edge of a part, so that it survives changes inside.
 */
const mutants: Readonly<Record<string, Mutant>> = {
  'commit-before-ledger': {
    breaks: 'lost',
    shownBy: ['kill page-delivery at work'],
    patch: {
      file: 'inbound/page-commands.consumer.js',
      code: /^ +(?:async )?handle\((.+)\) \{$/gm,
      // Offsets are committed once this resolves; the ledger receives the commands three seconds later.
      becomes: `    async handle(batch) {
        setTimeout(() => this.handleLate(batch), 3000);
        return { parked: [] };
    }
    async handleLate($1) {`,
    },
  },
  'outcome-dropped': {
    breaks: 'lost',
    shownBy: ['destination answers'],
    patch: {
      file: 'outbound/kafka-ledger.writer.js',
      code: /(\w+)\.map\(\(pending\)/g,
      becomes: "$1.filter(({ outcome }) => outcome.outcome !== 'joined').map((pending)",
    },
  },
  'duplicate-untagged': {
    breaks: 'duplicatesUntagged',
    shownBy: ['reply cut'],
    patch: {
      file: 'outbound/oncall-destination-client.js',
      code: /requestOf\(state, page,/g,
      becomes: 'requestOf(state, { ...page, possibleDuplicate: false },',
    },
  },
  'recovery-ignored': {
    breaks: 'orderViolations',
    shownBy: ['destination answers'],
    patch: {
      file: 'application/ledger/ledger-partition.js',
      code: /= step\((\w+), (\w+), /g,
      becomes: `= step($1, $1 && $2.kind === 'commands'
        ? { ...$2, received: $2.received.filter(({ command }) => command.kind !== 'resolve') } : $2, `,
    },
  },
  'read-back-ignored': {
    breaks: 'joinedClosed',
    shownBy: ['destination is slow'],
    minutes: 0.5,
    patch: {
      file: 'application/ledger/ledger-partition.js',
      code: /= step\((\w+), (\w+), /g,
      becomes: "= step($1, $2.kind === 'read-back' ? { kind: 'begun', pageId: '' } : $2, ",
    },
  },
};

export const mutantNames = Object.keys(mutants);

/** Returns a mutant by name; throws with the list of names. */
export function mutantNamed(name: string): Mutant {
  const mutant = mutants[name];
  if (!mutant) throw new Error(`no mutant ${name}; there are ${mutantNames.join(', ')}`);
  return mutant;
}

const app = join(root, 'apps', 'page-delivery');

/** Returns the built code with a defect in it. Throws if the code no longer matches. */
export function patched(name: string): string {
  const { file, code, becomes } = mutantNamed(name).patch;
  const built = readFileSync(join(app, 'dist', file), 'utf8');
  const matches = built.match(code)?.length ?? 0;
  if (matches !== 1) throw new Error(`mutant ${name}: ${file} must match once, not ${matches} times: ${code}`);
  return built.replace(code, becomes);
}

/** Copies the built page-delivery with a defect in it; returns its main script. Throws if the defect does not fit in. */
export function mutantOf(name: string): string {
  const code = patched(name);
  const home = join(localFolder, 'chaos', 'mutants', name);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  cpSync(join(app, 'dist'), join(home, 'dist'), { recursive: true });
  cpSync(join(app, 'package.json'), join(home, 'package.json'));
  const file = join(home, 'dist', mutantNamed(name).patch.file);
  writeFileSync(file, code);
  execFileSync(process.execPath, ['--check', file]);
  return join(home, 'dist', 'main.js');
}

/** The state of the services at the end of a run. */
export interface Condition {
  /** The names of processes that ended by themselves, once for each time. */
  readonly endedByThemselves: readonly string[];
  /** The log lines that require a person to act. */
  readonly errors: readonly string[];
}

type Counts = Pick<Audit, Mutant['breaks'] | 'delivered'>;

/**
 * Returns whether the audit found the defect by the mutant's own number.
 *
 * A mutant that crashes, throws or delivers nothing does not have its defect but another one, which breaks every number.
 */
export const isCaught = (name: string, counts: Counts, { endedByThemselves, errors }: Condition): boolean =>
  counts[mutantNamed(name).breaks] > 0 && counts.delivered > 0 && endedByThemselves.length + errors.length === 0;
