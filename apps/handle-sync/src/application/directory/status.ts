import type { Clock } from '@pagebridge/vocabulary';
import type { DirectoryPublisher, DirectoryStatus } from '../ports.ts';

/** Publishes how completely a directory is known: at once on a change, otherwise at intervals. */
export class StatusWriter {
  private written: (Omit<DirectoryStatus, 'at'> & { readonly elapsedMs: number }) | undefined;

  constructor(
    private readonly directory: string,
    private readonly publisher: DirectoryPublisher,
    private readonly clock: Pick<Clock, 'now' | 'elapsedMs'>,
    private readonly heartbeatMs: number,
  ) {}

  async write(status: Omit<DirectoryStatus, 'at'>, signal: AbortSignal): Promise<void> {
    if (!this.isDue(status)) return;
    await this.publisher.publishStatus(this.directory, { ...status, at: this.clock.now().toISOString() }, signal);
    this.written = { ...status, elapsedMs: this.clock.elapsedMs() };
  }

  private isDue({ unread, completeAt, refused }: Omit<DirectoryStatus, 'at'>): boolean {
    const { written } = this;
    if (!written || this.clock.elapsedMs() - written.elapsedMs >= this.heartbeatMs) return true;
    const wasComplete = written.unread === 0 && written.completeAt !== undefined;
    const isComplete = unread === 0 && completeAt !== undefined;
    return wasComplete !== isComplete || written.refused.join() !== refused.join();
  }
}
