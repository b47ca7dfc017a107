const prime = 0x01000193;

// FNV-1a with a finishing mix, since the tables use the low bits only. The seed keeps orgs and connections apart.
const begin = (seed: number): number => Math.imul(seed ^ 0x811c9dc5, 0x9e3779b1);

function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

/** Equal to `hashOfBytes` over the text's Latin-1 bytes. */
export function hashOfText(seed: number, text: string): number {
  let hash = begin(seed);
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), prime);
  return finish(hash);
}

export function hashOfBytes(seed: number, bytes: Buffer, start: number, end: number): number {
  let hash = begin(seed);
  for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), prime);
  return finish(hash);
}
