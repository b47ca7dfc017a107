import type { OutcomeWatermark } from '@pagebridge/contracts';

interface LastPublished {
  readonly key: string;
  readonly write: number;
  readonly at: number;
}

/**
 * The outcome watermark of a partition: the write up to which all outcomes are published.
 *
 * The next state that is written records the watermark for all alerts, so that no state is written again only because
 * its outcomes were published.
 */
export class WatermarkTracker {
  /** The alerts with unreported outcomes of a former owner, until a write of this owner includes them. */
  private readonly inherited = new Set<string>();
  private inheritedWrite = 1;
  /** The last publication that no record of the ledger shows yet. */
  private unrecorded: LastPublished | undefined;

  constructor(private readonly end: number) {}

  inherit(key: string): void {
    this.inherited.add(key);
  }

  onWritten(key: string, write: number): void {
    if (this.inherited.delete(key)) this.inheritedWrite = write;
  }

  /** Returns the watermark for a record, when all outcomes of the writes up to `upTo` are published. */
  at(upTo: number): OutcomeWatermark | undefined {
    // `before` requires that the inherited outcomes, which the first write of an owner includes, are published.
    const hasPublishedInherited = this.inherited.size === 0 && upTo >= this.inheritedWrite;
    return hasPublishedInherited ? { write: upTo, before: this.end } : undefined;
  }

  onPublished(key: string, write: number, at: number): void {
    this.unrecorded = { key, write, at };
  }

  onRecorded(watermark: OutcomeWatermark | undefined): void {
    if ((watermark?.write ?? 0) >= (this.unrecorded?.write ?? 0)) this.unrecorded = undefined;
  }

  /** Returns an alert to write only to record the watermark, if no write has recorded it. */
  unrecordedSince(publishedBefore: number): string | undefined {
    return this.unrecorded && this.unrecorded.at <= publishedBefore ? this.unrecorded.key : undefined;
  }
}
