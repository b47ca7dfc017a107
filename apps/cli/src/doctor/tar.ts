const block = 512;

/** Returns a tar archive (ustar) of texts by their names, which are ASCII and shorter than 100 characters. */
export function tarOf(files: ReadonlyMap<string, string>, at: Date): Buffer {
  const parts = [...files].flatMap(([name, text]) => {
    const content = Buffer.from(text);
    return [headerOf(name, content.length, at), content, Buffer.alloc((block - (content.length % block)) % block)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function headerOf(name: string, size: number, at: Date): Buffer {
  const header = Buffer.alloc(block);
  const octal = (value: number, offset: number, digits: number) =>
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, offset);
  header.write(name, 0);
  octal(0o600, 100, 7);
  for (const offset of [108, 116]) octal(0, offset, 7);
  octal(size, 124, 11);
  octal(Math.floor(at.getTime() / 1000), 136, 11);
  // The checksum counts its own field as spaces.
  header.write('        0', 148);
  header.write('ustar\u000000', 257);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  return header;
}
