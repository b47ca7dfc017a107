/** A JSON Schema. The keywords that the cards use are compared one by one; any other keyword must not change at all. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly string[];
}

/** The properties of a topic that are locked. */
export interface LockedTopic {
  readonly [property: string]: unknown;
  readonly value: Schema;
}
export type Lock = Readonly<Record<string, LockedTopic>>;

/**
 * Returns the incompatible changes from `before` to `after`, one sentence each with topic and field.
 *
 * Allowed: new topics, new optional fields, new kinds, wider enums and bounds (readers are released before writers),
 * other descriptions. After any other change some consumer could no longer read some record.
 */
export function incompatibilities(before: Lock, after: Lock): string[] {
  return Object.entries(before).flatMap(([topic, locked]) => {
    const now = after[topic];
    if (!now) return [`${topic} is gone; keep it while anyone reads or writes it`];
    const fixed = Object.keys(locked).filter((property) => property !== 'value');
    return [
      ...fixed
        .filter((property) => locked[property] !== now[property])
        .map((property) => `${topic}: ${property} changed from ${locked[property]} to ${now[property]}`),
      ...changes(locked.value, now.value, 'data').map((change) => `${topic}: ${change}`),
    ];
  });
}

function changes(before: Schema, after: Schema, field: string): string[] {
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keywords].flatMap((keyword) => {
    const compare = comparisons[keyword] ?? unchanged(keyword);
    return compare(before, after, field);
  });
}

type Comparison = (before: Schema, after: Schema, field: string) => string[];

const unchanged =
  (keyword: string): Comparison =>
  (before, after, field) =>
    JSON.stringify(before[keyword]) === JSON.stringify(after[keyword])
      ? []
      : [`${field}: ${keyword} changed from ${printed(before[keyword])} to ${printed(after[keyword])}`];

// A bound may be loosened or dropped: every value that was valid before remains valid.
const bound =
  (keyword: string, tighter: (now: number, was: number) => boolean): Comparison =>
  (before, after, field) => {
    const [was, now] = [before[keyword] as number | undefined, after[keyword] as number | undefined];
    const isLooser = now === undefined || (was !== undefined && !tighter(now, was));
    return isLooser ? [] : [`${field}: ${keyword} tightened from ${printed(was)} to ${now}`];
  };
const lower = (keyword: string) => bound(keyword, (now, was) => now > was);
const upper = (keyword: string) => bound(keyword, (now, was) => now < was);

// Whether a new pattern allows everything that the old one does cannot be decided here, so it may only be dropped.
const droppable =
  (keyword: string): Comparison =>
  (before, after, field) =>
    after[keyword] === undefined ? [] : unchanged(keyword)(before, after, field);

const comparisons: Readonly<Record<string, Comparison>> = {
  description: () => [],
  minLength: lower('minLength'),
  minItems: lower('minItems'),
  minimum: lower('minimum'),
  maxLength: upper('maxLength'),
  maxItems: upper('maxItems'),
  maximum: upper('maximum'),
  pattern: droppable('pattern'),
  format: droppable('format'),
  uniqueItems: droppable('uniqueItems'),
  enum: (before, after, field) => {
    if (!before.enum || !after.enum) return unchanged('enum')(before, after, field);
    const gone = before.enum.filter((word) => !after.enum?.includes(word));
    return gone.length > 0 ? [`${field}: no longer allows ${gone.join(', ')}`] : [];
  },
  required: (before, after, field) => {
    const [was, now] = [before.required ?? [], after.required ?? []];
    return [
      ...now.filter((name) => !was.includes(name)).map((name) => `${field}.${name} is newly required`),
      ...was
        .filter((name) => !now.includes(name) && after.properties?.[name])
        .map((name) => `${field}.${name} is no longer required, but older readers need it`),
    ];
  },
  properties: (before, after, field) =>
    Object.entries(before.properties ?? {}).flatMap(([name, was]) => {
      const now = after.properties?.[name];
      return now ? changes(was, now, `${field}.${name}`) : [`${field}.${name} is gone`];
    }),
  items: (before, after, field) =>
    before.items && after.items
      ? changes(before.items, after.items, `${field}[]`)
      : unchanged('items')(before, after, field),
  oneOf: (before, after, field) =>
    (before.oneOf ?? []).flatMap((was) => {
      const now = (after.oneOf ?? []).find((branch) => kindOf(branch) === kindOf(was));
      return now ? changes(was, now, `${field}(${kindOf(was)})`) : [`${field}: kind ${kindOf(was)} is gone`];
    }),
};

const kindOf = (schema: Schema): string => String(schema.properties?.kind?.const);
const printed = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
