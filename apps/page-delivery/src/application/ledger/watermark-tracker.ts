import type { OutcomeWatermark } from '@pagebridge/contracts';

interface LastPublished {
  readonly key: string;
  readonly write: number;
  readonly at: number;
}

/**
 * The outcome watermark of a partition: the write up to which all outcomes are published.
 *
 * It is recorded beside the next state that is written, for all alerts at once, so that no state is written again only
 * because its outcomes were published.
 */
export class WatermarkTracker {
  /** Alerts with unreported outcomes of a former owner, until a write of this owner holds them. */
  private readonly inherited = new Set<string>();
  private inheritedWrite = 1;
  /** The last publication that no record of the ledger covers yet. */
  private unrecorded: LastPublished | undefined;

  constructor(private readonly end: number) {}

  inherit(key: string): void {
    this.inherited.add(key);
  }

  onWritten(key: string, write: number): void {
    if (this.inherited.delete(key)) this.inheritedWrite = write;
  }

  /** What a record says once all outcomes of the writes up to `upTo` are published. */
  at(upTo: number): OutcomeWatermark | undefined {
    // An owner's first write holds what its predecessors left unreported; once that is published, nothing of theirs is left.
    const hasPublishedInherited = this.inherited.size === 0 && upTo >= this.inheritedWrite;
    return hasPublishedInherited ? { write: upTo, before: this.end } : undefined;
  }

  onPublished(key: string, write: number, at: number): void {
    this.unrecorded = { key, write, at };
  }

  onRecorded(watermark: OutcomeWatermark | undefined): void {
    if ((watermark?.write ?? 0) >= (this.unrecorded?.write ?? 0)) this.unrecorded = undefined;
  }

  /** An alert to write only for its watermark, if no write has recorded it since. */
  unrecordedSince(publishedBefore: number): string | undefined {
    return this.unrecorded && this.unrecorded.at <= publishedBefore ? this.unrecorded.key : undefined;
  }
}
