import { describe, expect, it } from '@jest/globals';
import { blocksIn, missingFrom } from './blocks.ts';

const fence = (language: string, ...lines: readonly string[]) =>
  ['```'.concat(language), ...lines, '```', ''].join('\n');

describe('the blocks of a document', () => {
  it('are those of a shell and of a database, with their place and section, and no others', () => {
    const text = `# Guide\n${fence('sh', 'one')}## Second\n${fence('bash', 'no')}${fence('js', 'no')}${fence('sql', 'two;')}`;
    expect(blocksIn(text, 'a.md')).toMatchObject([
      { place: 'a.md:2', section: '', language: 'sh', text: 'one\n' },
      { place: 'a.md:12', section: 'Second', language: 'sql', text: 'two;\n' },
    ]);
  });

  it('lose the indent of the list that they are in', () => {
    expect(blocksIn('1. Do:\n\n   ```sh\n   one \\\n     two\n   ```\n', 'a.md')).toMatchObject([
      { text: 'one \\\n  two\n' },
    ]);
  });

  it('have the output that the document shows after them', () => {
    const shown = `${fence('sh', 'a')}prints\n\n${fence('text', 'one', '', 'two')}`;
    expect(blocksIn(shown, 'a.md')).toMatchObject([{ prints: ['one', 'two'], isPatient: false }]);
    expect(blocksIn(shown.replace('prints', 'Within seconds this prints'), 'a.md')).toMatchObject([
      { isPatient: true },
    ]);
  });

  it('have no output that stands after another block or heading', () => {
    const apart = `${fence('sh', 'a')}within\n${fence('yaml', 'b')}${fence('text', 'c')}`;
    expect(blocksIn(apart, 'a.md')).toMatchObject([{ prints: [], isPatient: false }]);
    expect(blocksIn(`${fence('sh', 'a')}\n## Next\n${fence('text', 'c')}`, 'a.md')).toMatchObject([{ prints: [] }]);
  });
});

describe('an output', () => {
  it('has the lines of a document whole and in order, with anything in place of …', () => {
    const output = 'noise\nREASON\tCOUNT\nrejected\t3\nid 7f, done\n';
    expect(missingFrom(output, ['REASON    COUNT', 'id …, done'])).toBeUndefined();
    expect(missingFrom(output, ['id …, done', 'noise'])).toBe('noise');
    expect(missingFrom(output, ['rejected'])).toBe('rejected');
    expect(missingFrom('a.b', ['a+b'])).toBe('a+b');
  });
});
