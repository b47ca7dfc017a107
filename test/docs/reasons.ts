import { deadLetterReasons, reasonOf } from '@pagebridge/vocabulary';

/** The document with the table of the reasons of dead letters between its marks. */
export function withReasons(document: string): string {
  const rows = deadLetterReasons.map((name) => {
    const { cause, cure, replay } = reasonOf(name);
    return [`\`${name}\``, cause, cure, replay ? 'yes' : 'no'];
  });
  const head = ['reason', 'cause', 'what to do', 'a replay helps afterwards'];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return document.replace(/<!-- reasons -->[\s\S]*?<!-- end -->/, `<!-- reasons -->\n\n${table}\n\n<!-- end -->`);
}
