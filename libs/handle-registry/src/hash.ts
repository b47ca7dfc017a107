const prime = 0x9e3779b1;

const mix = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, prime);
  return product ^ (product >>> 15);
};

/** A number from 0 to 2^32 - 1 for the words from `start` to `end`. The seed keeps orgs and connections apart. */
export function hashOfWords(seed: number, view: DataView, start: number, end: number): number {
  let hash = mix(seed, prime);
  for (let at = start; at < end; at += 4) hash = mix(hash, view.getUint32(at, true));
  // The tables use the lowest bits and the highest.
  return mix(hash, end - start) >>> 0;
}
