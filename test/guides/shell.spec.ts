import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import type { Block } from './blocks.ts';
import { Shell } from './shell.ts';

const server = createServer((_, response) => response.writeHead(409).end('{"detail":"there is one already"}'));
let url = '';
let shell: Shell;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
afterEach(() => shell.close());

/** A block of a document that shows these lines as its output. */
const block = (text: string, ...prints: readonly string[]): Block => {
  return { place: 'guide.md:1', language: 'sh', text: `${text}\n`, prints, isPatient: false };
};
const pasted = (text: string, ...prints: readonly string[]) => {
  shell = new Shell(tmpdir());
  return shell.paste(block(text, ...prints));
};

describe('a block that is pasted', () => {
  it('sees the variables and functions of former ones, and its output ends where the next begins', async () => {
    expect(await pasted('ONE=1; two() { echo "two $ONE"; }; echo first')).toBe('first\n');
    expect(await shell.paste(block('two; echo "to a person" >&2'))).toBe('two 1\nto a person\n');
  });

  it.each([
    ['a command', 'false\necho on'],
    ['a command in a pipe', 'false | cat\necho on'],
    ['a variable that is set elsewhere only', 'echo "$SET_ELSEWHERE"'],
  ])('fails, with its place and output, where %s fails', async (_, text) => {
    await expect(pasted(`echo tried\n${text}`)).rejects.toThrow(/^guide\.md:1 ended with exit code 1:[\s\S]*tried/);
  });

  it('fails where its output lacks what the document shows', async () => {
    await expect(pasted('echo one', 'two')).rejects.toThrow('guide.md:1 does not print two\nbut\none');
  });

  it('is repeated until it prints what the document promises within some time', async () => {
    await pasted('FILE=$(mktemp)');
    const counts = { ...block('echo >> $FILE; wc -l < $FILE; false', '3'), isPatient: true };
    expect(await shell.paste(counts)).toBe('3\n');
    await shell.paste(block('rm $FILE'));
  });
});

describeWith('curl')('a block that calls a server', () => {
  it('fails where the server refuses the request, unless that is what the reader sees', async () => {
    await expect(pasted(`curl -sS ${url} | cat`)).rejects.toThrow('there is one already');
    shell = new Shell(tmpdir());
    expect(await shell.paste(block(`curl -sS ${url} | cat`), { refused: true })).toContain('there is one already');
    await expect(shell.paste(block(`curl -sS ${url}`))).rejects.toThrow('ended with exit code 22');
  });
});
