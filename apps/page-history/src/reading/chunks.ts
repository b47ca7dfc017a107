/** Yields consecutive items of which each chunk has at most this number, and this size unless a single item is larger. */
export function* inChunks<Item>(
  items: readonly Item[],
  mostItems: number,
  mostSize = Number.POSITIVE_INFINITY,
  sizeOf: (item: Item) => number = () => 0,
): Generator<Item[]> {
  let chunk: Item[] = [];
  let size = 0;
  for (const item of items) {
    const its = sizeOf(item);
    if (chunk.length > 0 && (chunk.length === mostItems || size + its > mostSize)) {
      yield chunk;
      chunk = [];
      size = 0;
    }
    chunk.push(item);
    size += its;
  }
  if (chunk.length > 0) yield chunk;
}
