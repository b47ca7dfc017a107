declare module 'snappyjs' {
  /** Throws if the bytes are not a snappy block, or decompress to more than `maxLength` bytes. */
  function uncompress(compressed: Buffer, maxLength?: number): Buffer;
  function compress(uncompressed: Buffer): Buffer;
  const snappy: { uncompress: typeof uncompress; compress: typeof compress };
  // biome-ignore lint/style/noDefaultExport: the package is CommonJS, this is how it is imported.
  export default snappy;
}
