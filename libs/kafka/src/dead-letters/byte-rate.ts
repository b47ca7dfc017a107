/** Limits how many bytes may be taken in a time window. */
export class ByteRate {
  private used = 0;
  private since = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly bytes: number,
    private readonly windowMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes the bytes, or returns false if the window has no room for them. The first ones in a window always have. */
  take(bytes: number): boolean {
    if (this.now() - this.since >= this.windowMs) {
      this.since = this.now();
      this.used = 0;
    }
    if (this.used > 0 && this.used + bytes > this.bytes) return false;
    this.used += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.used = Math.max(0, this.used - bytes);
  }
}
