import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, root } from '@pagebridge/local-stack/base';

interface Patch {
  readonly file: string;
  readonly line: string;
  readonly becomes: string;
}

/** What a wrong page-delivery would do, and what of the audit must find it. */
export const mutants: Readonly<Record<string, { readonly breaks: string; readonly patches: readonly Patch[] }>> = {
  'commit-before-ledger': {
    breaks: 'lost',
    patches: [
      {
        file: 'application/delivery.js',
        line: '        await this.ledger.durable(shard);\n        return all;',
        becomes: '        this.ledger.durable(shard).catch(()=>undefined);\n        return all;',
      },
      // The write comes after the commit, as it would if it were moved there.
      {
        file: 'application/ledger.js',
        line: '            await null;',
        becomes: '            await new Promise((resolve)=>setTimeout(resolve, 1000));',
      },
    ],
  },
  'outcome-dropped': {
    breaks: 'lost',
    patches: [
      {
        file: 'outbound/kafka-ledger.writer.js',
        line: '                ...owed,\n                ...facts\n',
        becomes: '                ...owed\n',
      },
    ],
  },
  'duplicate-untagged': {
    breaks: 'duplicatesUntagged',
    patches: [{ file: 'outbound/oncall-destination.js', line: '...possibleDuplicate ? [', becomes: '...false ? [' }],
  },
  'recovery-ignored': {
    breaks: 'orderViolations',
    patches: [
      {
        file: 'domain/decide-resolve.js',
        line: "if (page.status === 'delivered') return resolving(page, now);",
        becomes: "if (page.status === 'delivered') return page;",
      },
    ],
  },
};

/** Copies the built page-delivery with a defect in it; returns its main script. Throws if the code has moved on. */
export function mutantOf(name: string): string {
  const mutant = mutants[name];
  if (!mutant) throw new Error(`no mutant ${name}; there are ${Object.keys(mutants).join(', ')}`);
  const home = join(localFolder, 'chaos', 'mutants', name);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const app = join(root, 'apps', 'page-delivery');
  cpSync(join(app, 'dist'), join(home, 'dist'), { recursive: true });
  cpSync(join(app, 'package.json'), join(home, 'package.json'));
  for (const { file, line, becomes } of mutant.patches) {
    const path = join(home, 'dist', file);
    const code = readFileSync(path, 'utf8');
    if (code.split(line).length !== 2) throw new Error(`mutant ${name}: ${file} has not exactly one ${line.trim()}`);
    writeFileSync(
      path,
      code.replace(line, () => becomes),
    );
  }
  return join(home, 'dist', 'main.js');
}
