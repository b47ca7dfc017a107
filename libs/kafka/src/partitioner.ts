export function partitionFor(_key: string | Buffer, _partitions: number): number {
  return 0;
}
