/** Yields consecutive items of which each chunk has at most this number, and this size unless a single item is larger. */
export function* inChunks<Item>(
  items: readonly Item[],
  maxItems: number,
  maxSize = Number.POSITIVE_INFINITY,
  sizeOf: (item: Item) => number = () => 0,
): Generator<Item[]> {
  let chunk: Item[] = [];
  let size = 0;
  for (const item of items) {
    const its = sizeOf(item);
    if (chunk.length > 0 && (chunk.length === maxItems || size + its > maxSize)) {
      yield chunk;
      chunk = [];
      size = 0;
    }
    chunk.push(item);
    size += its;
  }
  if (chunk.length > 0) yield chunk;
}
