import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, root } from '@pagebridge/local-stack/base';

interface Mutant {
  /** The number of the JSON line that must not be 0. */
  readonly breaks: 'lost' | 'duplicatesUntagged' | 'orderViolations';
  /** The faults that expose the defect, so that a short run is sufficient. */
  readonly shownBy: readonly string[];
  readonly patches: readonly Patch[];
}

interface Patch {
  readonly file: string;
  readonly line: string;
  readonly becomes: string;
}

/** Defects of page-delivery, and the number of the audit that must detect each. */
const mutants: Readonly<Record<string, Mutant>> = {
  'commit-before-ledger': {
    breaks: 'lost',
    shownBy: ['kill page-delivery at work'],
    patches: [
      {
        file: 'application/delivery.js',
        line: 'async take(partition, commands) {',
        // Offsets are committed once this resolves; the ledger receives the commands three seconds later.
        becomes: `async take(partition, commands) {
        setTimeout(() => this.takeLate(partition, commands).catch(() => undefined), 3000);
        return [];
    }
    async takeLate(partition, commands) {`,
      },
    ],
  },
  'outcome-dropped': {
    breaks: 'lost',
    shownBy: ['destination answers'],
    patches: [
      {
        file: 'outbound/kafka-ledger.writer.js',
        line: 'outcomes.map(outcomeRecord)',
        becomes: 'outcomes.filter(({ page }) => page).map(outcomeRecord)',
      },
    ],
  },
  'duplicate-untagged': {
    breaks: 'duplicatesUntagged',
    shownBy: ['reply cut'],
    patches: [
      { file: 'outbound/oncall-destination-client.js', line: '...possibleDuplicate ? [', becomes: '...false ? [' },
    ],
  },
  'recovery-ignored': {
    breaks: 'orderViolations',
    shownBy: ['destination answers'],
    patches: [
      {
        file: 'domain/commands/decide-resolve.js',
        line: "if (page.status === 'delivered') return resolving(page, now);",
        becomes: "if (page.status === 'delivered') return page;",
      },
    ],
  },
};

/** Returns a mutant by name; throws with the list of names. */
export function mutantNamed(name: string): Mutant {
  const mutant = mutants[name];
  if (!mutant) throw new Error(`no mutant ${name}; there are ${Object.keys(mutants).join(', ')}`);
  return mutant;
}

/** Copies the built page-delivery with a defect in it; returns its main script. Throws if the code no longer matches. */
export function mutantOf(name: string): string {
  const mutant = mutantNamed(name);
  const home = join(localFolder, 'chaos', 'mutants', name);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const app = join(root, 'apps', 'page-delivery');
  cpSync(join(app, 'dist'), join(home, 'dist'), { recursive: true });
  cpSync(join(app, 'package.json'), join(home, 'package.json'));
  for (const { file, line, becomes } of mutant.patches) {
    const path = join(home, 'dist', file);
    const code = readFileSync(path, 'utf8');
    if (code.split(line).length !== 2)
      throw new Error(`mutant ${name}: ${file} must contain exactly once: ${line.trim()}`);
    writeFileSync(
      path,
      code.replace(line, () => becomes),
    );
  }
  return join(home, 'dist', 'main.js');
}
