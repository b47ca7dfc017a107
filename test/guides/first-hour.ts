import { type Block, blocksOf } from './blocks.ts';
import type { Shell } from './shell.ts';

/** The blocks of the README for the second terminal: neither those that install, nor the one that starts the stack. */
export const firstHour = (): Block[] =>
  blocksOf('README.md', 'Try it', 'The first hour').filter(({ text }) => !/^npm (ci|start)\b/.test(text));

/** What a reader waits for, by what is in the block. */
const awaited: readonly (readonly [RegExp, string])[] = [
  [/\/handles\?/, '…"@oncall-core-infra"…'],
  [/--transition recovered/, '…"status": "resolved"…'],
  [/\/pages\b/, '…"status": "triggered"…'],
];

/**
 * Pastes the first hour. Resolves to all output.
 *
 * `again`: there is a connection already, so that another one is refused, and the answer names the first.
 */
export async function pasteFirstHour(shell: Shell, { again = false } = {}): Promise<string> {
  const outputs: string[] = [];
  for (const block of firstHour()) {
    const refused = again && block.text.includes('keys/globex-eu.json');
    outputs.push(await shell.paste(block, { refused }));
    const [, line] = awaited.find(([pattern]) => pattern.test(block.text)) ?? [];
    if (line !== undefined) outputs.push(await shell.paste({ ...readsOf(block), prints: [line], isPatient: true }));
  }
  return outputs.join('\n');
}

/** Returns the block without what it sends, as a reader repeats it. */
const readsOf = (block: Block): Block => ({ ...block, text: block.text.replaceAll(/^npm run -s alert.*\n/gm, '') });
