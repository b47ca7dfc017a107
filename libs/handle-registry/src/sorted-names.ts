/**
 * Names in alphabetical order, joined into one text with one name per line.
 *
 * V8 searches one long text far faster than many short names. A change is only noted; the next query rebuilds the text
 * with all noted changes in one pass.
 */
export class SortedNames {
  #text = '\n';
  readonly #changed: Set<string>;
  readonly #isName: (name: string) => boolean;

  /** `isName` returns whether a noted name belongs to the list now. A name has no line break. */
  constructor(names: Iterable<string>, isName: (name: string) => boolean) {
    this.#changed = new Set(names);
    this.#isName = isName;
  }

  note(name: string): void {
    this.#changed.add(name);
  }

  /** Yields the names that begin with `begin`, and are not before `from`. */
  *beginningWith(begin: string, from = ''): Generator<string> {
    for (const name of this.from(from > begin ? from : begin)) {
      if (!name.startsWith(begin)) return;
      yield name;
    }
  }

  /** Yields the names that contain `part` but do not begin with it, and are not before `from`. */
  *containing(part: string, from = ''): Generator<string> {
    if (part === '' || part.includes('\n')) return;
    const text = this.#upToDate();
    for (let at = text.indexOf(part, placeOf(from, text)); at >= 0; ) {
      const start = text.lastIndexOf('\n', at) + 1;
      const end = text.indexOf('\n', at);
      if (start < at) yield text.slice(start, end);
      at = text.indexOf(part, end + 1);
    }
  }

  /** Returns how many names begin with `begin` and contain `part`. */
  count(part: string, begin = ''): number {
    if (part.includes('\n')) return 0;
    const text = this.#upToDate();
    // After every name that begins with `begin`, since names are ASCII.
    const end = placeOf(`${begin}\uffff`, text);
    let names = 0;
    for (let at = text.indexOf(part, placeOf(begin, text)); at >= 0 && at < end; names += 1) {
      at = text.indexOf(part, text.indexOf('\n', at) + 1);
    }
    return names;
  }

  /** Yields this name, if it is in the list, and all later names. */
  *from(name: string): Generator<string> {
    const text = this.#upToDate();
    for (let start = placeOf(name, text); start < text.length; ) {
      const end = text.indexOf('\n', start);
      yield text.slice(start, end);
      start = end + 1;
    }
  }

  /** Yields all names before this name, in descending order. */
  *before(name: string): Generator<string> {
    const text = this.#upToDate();
    for (let end = placeOf(name, text) - 1; end > 0; ) {
      const start = text.lastIndexOf('\n', end - 1) + 1;
      yield text.slice(start, end);
      end = start - 1;
    }
  }

  #upToDate(): string {
    if (this.#changed.size === 0) return this.#text;
    const old = this.#text;
    const parts: string[] = [];
    let copied = 0;
    for (const name of [...this.#changed].sort()) {
      const line = `${name}\n`;
      const place = placeOf(name, old);
      const end = old.startsWith(line, place) ? place + line.length : place;
      parts.push(old.slice(copied, place), this.#isName(name) ? line : '');
      copied = end;
    }
    parts.push(old.slice(copied));
    this.#changed.clear();
    this.#text = parts.join('');
    return this.#text;
  }
}

/** Returns the offset at which the line of a name begins or would begin. */
function placeOf(name: string, text: string): number {
  let [low, high] = [1, text.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = text.lastIndexOf('\n', middle - 1) + 1;
    const end = text.indexOf('\n', middle);
    if (text.slice(start, end) < name) low = end + 1;
    else high = start;
  }
  return low;
}

/** Returns the reversed name. A name is ASCII. */
export const backwards = (name: string): string => Buffer.from(name, 'latin1').reverse().toString('latin1');

export const ascending = (a: string, b: string): number => (a < b ? -1 : 1);
export const descending = (a: string, b: string): number => (a < b ? 1 : -1);

/** Merges sorted lists into one, with each name once. Reads from each list only as far as needed. */
export function* merged(lists: readonly Iterator<string>[], compare: typeof ascending): Generator<string> {
  const heads: Head[] = [];
  for (const list of lists) advance(list, heads);
  heads.sort((a, b) => compare(b.name, a.name));
  let last: string | undefined;
  for (let head = heads.pop(); head; head = heads.pop()) {
    if (head.name !== last) yield head.name;
    last = head.name;
    if (advance(head.rest, heads)) sink(heads, compare);
  }
}

/** The next name of a list, and the rest of the list. */
interface Head {
  readonly name: string;
  readonly rest: Iterator<string>;
}

function advance(rest: Iterator<string>, heads: Head[]): boolean {
  const { done, value: name } = rest.next();
  if (!done) heads.push({ name, rest });
  return !done;
}

/** Moves the last head to its sorted position; the head with the next name is last. */
function sink(heads: Head[], compare: typeof ascending): void {
  const head = heads.pop() as Head;
  let [low, high] = [0, heads.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare((heads[middle] as Head).name, head.name) < 0) high = middle;
    else low = middle + 1;
  }
  heads.splice(low, 0, head);
}
