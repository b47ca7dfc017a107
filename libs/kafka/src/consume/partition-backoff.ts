import { backoffMs } from '../driver/client.ts';

export class PartitionBackoff {
  private readonly failures = new Map<string, number>();

  constructor(
    private readonly firstBackoffMs: number,
    private readonly maxBackoffMs: number,
  ) {}

  next(partition: string): number {
    const failures = (this.failures.get(partition) ?? 0) + 1;
    this.failures.set(partition, failures);
    return backoffMs(failures, this.firstBackoffMs, this.maxBackoffMs);
  }

  reset(partition: string): void {
    this.failures.delete(partition);
  }
}
