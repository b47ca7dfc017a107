import type { TopicCard } from '../src/index.ts';

const begin = '<!-- topics:begin, generated from libs/contracts by `npm run generate` -->';
const end = '<!-- topics:end -->';
const day = 24 * 60 * 60 * 1000;

export function topicTableOf(cards: readonly TopicCard[]): string {
  const rows = cards.map((card) => [
    `\`${card.topic}\``,
    `\`${card.key}\``,
    card.cleanup === 'compact' ? 'compact' : `delete, ${(card.retentionMs ?? 0) / day} days`,
    String(card.partitions),
    card.producers.join(', '),
    card.consumers.join(', '),
    card.deadLetter ? 'yes' : '',
    card.meaning,
  ]);
  const head = ['topic', 'key', 'kept', 'partitions', 'written by', 'read by', 'dead letters', 'meaning'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Returns the document with the table between its markers; throws if the markers are missing. */
export function withTopicTable(document: string, cards: readonly TopicCard[]): string {
  const [start, stop] = [document.indexOf(begin), document.indexOf(end)];
  if (start < 0 || stop < start)
    throw new Error(`no place for the topic table: write ${begin} and ${end} where it goes`);
  return `${document.slice(0, start + begin.length)}\n\n${topicTableOf(cards)}\n\n${document.slice(stop)}`;
}
