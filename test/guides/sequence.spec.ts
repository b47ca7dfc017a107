import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '@pagebridge/local-stack/base';
import { blocksOf, guidesOfReadme, notPasted, withOtherHosts } from './blocks.ts';

const documents = globSync(['*.md', 'docs/**/*.md', '{apps,libs}/*/README.md', 'deploy/**/README.md'], {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
});
const hasCommands = (document: string) => /^ *```(sh|bash)$/m.test(readFileSync(join(root, document), 'utf8'));
const pasted = guidesOfReadme();

describe('the guides', () => {
  it('are each pasted by a test, or say why no machine alone can run them', () => {
    const known = ['README.md', ...pasted, ...withOtherHosts, ...Object.keys(notPasted)];
    expect(documents.filter(hasCommands).toSorted()).toEqual(known.toSorted());
  });

  it.each([...pasted, ...withOtherHosts])('%s names no port of npm start, which may be taken', (document) => {
    const text = blocksOf(document).map((block) => block.text);
    expect(text.filter((commands) => /127\.0\.0\.1|localhost/.test(commands))).toEqual([]);
  });

  it.each(documents)('%s shows no command that overwrites a key', (document) => {
    const written = [...readFileSync(join(root, document), 'utf8').matchAll(/writeFileSync\(.*\bkeys?\b.*$/gim)];
    expect(written.map(([line]) => line).filter((line) => !line.includes("flag: 'wx'"))).toEqual([]);
  });

  it('leave errors of curl visible', () => {
    const silent = documents.filter((document) =>
      /\bcurl (-[a-zA-Z]+ )*-s /.test(readFileSync(join(root, document), 'utf8')),
    );
    expect(silent).toEqual([]);
  });
});
