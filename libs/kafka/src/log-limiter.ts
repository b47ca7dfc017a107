export interface LogLimits {
  /** How many lines of one kind a window takes. */
  readonly lines: number;
  readonly windowMs: number;
}

const defaultLimits: LogLimits = { lines: 20, windowMs: 60_000 };

/**
 * Keeps a log readable when thousands of the same thing happen: of each kind the first lines of a window are written, the
 * others are counted and told at its end.
 */
export class LogLimiter {
  private readonly windows = new Map<string, { written: number; leftOut: number }>();

  /** `onLeftOut` writes the line that says how many lines of a kind were left out; not called for none. */
  constructor(
    private readonly onLeftOut: (kind: string, leftOut: number) => void,
    private readonly limits: LogLimits = defaultLimits,
  ) {}

  /** Whether a line of this kind, a word from a closed list, is to be written now. */
  admits(kind: string): boolean {
    const window = this.windows.get(kind) ?? this.open(kind);
    if (window.written < this.limits.lines) {
      window.written += 1;
      return true;
    }
    window.leftOut += 1;
    return false;
  }

  private open(kind: string): { written: number; leftOut: number } {
    const window = { written: 0, leftOut: 0 };
    this.windows.set(kind, window);
    setTimeout(() => {
      this.windows.delete(kind);
      if (window.leftOut > 0) this.onLeftOut(kind, window.leftOut);
    }, this.limits.windowMs).unref();
    return window;
  }
}
