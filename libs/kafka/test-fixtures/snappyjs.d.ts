declare module 'snappyjs' {
  /** Throws if the bytes are no snappy block or would need more than `maxLength` bytes. */
  function uncompress(compressed: Buffer, maxLength?: number): Buffer;
  function compress(uncompressed: Buffer): Buffer;
  const snappy: { uncompress: typeof uncompress; compress: typeof compress };
  // biome-ignore lint/style/noDefaultExport: the package is CommonJS, this is how it is imported.
  export default snappy;
}
