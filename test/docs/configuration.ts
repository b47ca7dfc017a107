import type { TObject, TSchema } from 'typebox';

/** What a service, or every service, reads from its environment. */
export interface Variables {
  readonly name: string;
  readonly schema: TObject;
}

/** The document with a table of variables between the marks of each name; throws where a mark names nothing. */
export function withVariables(document: string, all: readonly Variables[]): string {
  return document.replace(/<!-- variables:(\S+) -->[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const found = all.find((variables) => variables.name === name);
    if (!found) throw new Error(`no variables named ${name}`);
    return `<!-- variables:${name} -->\n\n${tableOf(found.schema)}\n\n<!-- end -->`;
  });
}

function tableOf({ properties, required }: TObject): string {
  const needed: readonly string[] = required;
  const rows = Object.entries(properties).map(([name, schema]) =>
    rowOf(name, schema as Described, needed.includes(name)),
  );
  const head = ['variable', 'default', 'range', 'meaning'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

type Described = TSchema & {
  readonly default?: string | number;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
};

const rowOf = (name: string, schema: Described, required: boolean): string[] => [
  `\`${name}\``,
  defaultOf(schema, required),
  rangeOf(schema),
  schema.description ?? '',
];

const defaultOf = (schema: Described, required: boolean): string => {
  if (schema.default !== undefined) return `\`${schema.default}\``;
  return required ? '**required**' : '';
};

function rangeOf({ enum: words, minimum, maximum }: Described): string {
  if (words) return words.map((word) => `\`${word}\``).join(' ');
  if (minimum === undefined) return '';
  return maximum === undefined ? `from ${minimum}` : `${minimum} to ${maximum}`;
}
