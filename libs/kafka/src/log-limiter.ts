export interface LogLimits {
  readonly lines: number;
  readonly windowMs: number;
}

const defaultLimits: LogLimits = { lines: 20, windowMs: 60_000 };

/**
 * Keeps a log readable when the same event happens thousands of times: admits the first lines of each kind in a window,
 * and counts the others.
 */
export class LogLimiter {
  private readonly windows = new Map<string, { written: number; leftOut: number }>();

  /** Calls `onLeftOut` at the end of a window, for each kind with lines that were not admitted. */
  constructor(
    private readonly onLeftOut: (kind: string, leftOut: number) => void,
    private readonly limits: LogLimits = defaultLimits,
  ) {}

  /** Returns whether to write a line of this kind. Kinds come from a closed list. */
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
