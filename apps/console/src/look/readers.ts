/** Those who read a value that is kept outside of React, and are told when it changes. */
export class Readers {
  private readonly all = new Set<() => void>();

  readonly subscribe = (reader: () => void): (() => void) => {
    this.all.add(reader);
    return () => this.all.delete(reader);
  };

  readonly tell = (): void => {
    for (const read of this.all) read();
  };
}
