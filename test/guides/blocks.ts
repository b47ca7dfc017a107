import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@pagebridge/local-stack/base';

/** Returns the guides that the README's table of the first hour links, in its order: each can be pasted beside `npm start`. */
export function guidesOfReadme(): string[] {
  const [, hour = ''] = readFileSync(join(root, 'README.md'), 'utf8').split('\n## The first hour\n');
  const rows = hour.split('\n## ')[0]?.matchAll(/^\| \[[^\]]+\]\((docs\/[^)#]+\.md)\) \|/gm) ?? [];
  return [...rows].map(([, document]) => String(document));
}

/** Documents for an installation. They are pasted once, after the guides, with the Kafka and database of `npm start` for theirs. */
export const withOtherHosts = [
  'docs/how-to/run-the-services.md',
  'docs/how-to/upgrade.md',
  'docs/runbooks/archive-the-audit.md',
  'docs/sandbox.md',
];

/** Why the commands of a document are in no sequence. */
export const notPasted: Readonly<Record<string, string>> = {
  'CONTRIBUTING.md': 'npm run demo and npm run check are tests themselves',
  'docs/deploy-on-kubernetes.md': 'needs a cluster; its objects are rendered and checked by test/chart',
  'docs/cli.md': 'has examples of many commands; apps/cli and test/journeys run each of them',
  'docs/image.md': 'needs docker or podman, and builds the image: npm run test:image',
  'docs/how-to/share-snapshots.md':
    'shares with whoever has a link; test/journeys/page-history and test/console/snapshots set, open and revoke it',
  'docs/how-to/proxy.md': 'needs a proxy of yours and a cluster; calls go through a real one in test/proxy',
  'docs/kafka-security.md':
    'starts npm start -- --secure; its logins, rights and refusals are in test/secure and the journeys',
  'docs/operate.md': 'needs a cluster, and takes it down',
  'docs/runbooks/alerts.md': 'needs a cluster; its shell functions run in test/docs/runbooks.spec.ts',
  'deploy/helm/pagebridge/README.md': 'needs a cluster; the smoke test is a journey',
};

/** A command block of a document, as a reader pastes it. */
export interface Block {
  /** `docs/how-to/api-tokens.md:22`. */
  readonly place: string;
  readonly language: 'sh' | 'sql';
  readonly text: string;
  /** The lines that the document shows as its output; `…` stands for anything. */
  readonly prints: readonly string[];
  /** The output may take a while: a reader repeats the block until it is there. */
  readonly isPatient: boolean;
}

/**
 * Returns the blocks ```sh and ```sql of a document, or of some of its sections.
 *
 * A block ```text that follows such a block without another block or heading between them is its output. The words between
 * the two may promise the output only "within" some time. A block ```bash needs what a machine alone does not have.
 */
export function blocksOf(document: string, ...sections: readonly string[]): Block[] {
  const blocks = blocksIn(readFileSync(join(root, document), 'utf8'), document);
  return blocks.filter(({ section }) => sections.length === 0 || sections.includes(section));
}

/** Returns the blocks of a text, each with the name of its section. */
export function blocksIn(text: string, document: string): (Block & { readonly section: string })[] {
  const fences = [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)];
  return fences.flatMap((fence, number) => {
    const [whole, indent = '', language = '', body = ''] = fence;
    if (language !== 'sh' && language !== 'sql') return [];
    const before = text.slice(0, fence.index);
    const next = fences[number + 1];
    const between = text.slice(fence.index + whole.length, next?.index);
    const hasOutput = next?.[2] === 'text' && !/^#/m.test(between);
    const shown = hasOutput ? unindented(next[3] ?? '', next[1] ?? '') : '';
    return {
      place: `${document}:${before.split('\n').length}`,
      section: [...before.matchAll(/^## (.*)$/gm)].at(-1)?.[1] ?? '',
      language,
      text: unindented(body, indent),
      prints: shown.split('\n').filter((line) => line.trim() !== ''),
      isPatient: hasOutput && /\bwithin\b/i.test(between),
    };
  });
}

const unindented = (text: string, indent: string): string => text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');

/** Returns the first line of these that the output lacks, in this order; undefined if it has them all. */
export function missingFrom(output: string, prints: readonly string[]): string | undefined {
  const lines = output.split('\n').map(plain);
  let from = 0;
  return prints.find((line) => {
    const at = lines.findIndex((printed, index) => index >= from && patternOf(line).test(printed));
    from = at + 1;
    return at === -1;
  });
}

// Tables are aligned with spaces on a terminal, and have tabs elsewhere.
const plain = (line: string): string => line.trim().replaceAll(/\s+/g, ' ');

function patternOf(line: string): RegExp {
  const parts = plain(line).split('…');
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
}
