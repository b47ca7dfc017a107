/** HTML that is sent as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | Markup | undefined | readonly Part[];

const escapes: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };

/** Returns HTML in which every text that is put in is escaped. What is undefined is left out. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.map((string, index) => string + textOf(parts[index])).join(''));

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part !== 'string') return part.map(textOf).join('');
  return part.toWellFormed().replace(/[&<>"']/g, (character) => `&${escapes[character]};`);
}
