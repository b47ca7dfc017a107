export interface LogLimits {
  /** Lines of a subject in a window, while its kind has fewer than `linesOfKind`. */
  readonly lines: number;
  /** Lines of a kind in a window. Beyond them, each further subject has one line. */
  readonly linesOfKind: number;
  readonly windowMs: number;
}

const defaultLimits: LogLimits = { lines: 5, linesOfKind: 200, windowMs: 60_000 };
// Bounds of the memory. Further kinds share a window; further subjects have no line.
const [maxKinds, maxSubjects] = [100, 1000];
const furtherKinds = 'other messages';

interface Window {
  readonly linesOf: Map<string, number>;
  lines: number;
  leftOut: number;
}

/**
 * Keeps a log readable when the same event happens thousands of times: admits the first lines of each kind and subject in
 * a window, and counts the others. A subject with many lines leaves none of the others unnamed.
 */
export class LogLimiter {
  private readonly windows = new Map<string, Window>();
  private readonly limits: LogLimits;

  /** Calls `onLeftOut` at the end of a window, for each kind with lines that were not admitted. */
  constructor(
    private readonly onLeftOut: (kind: string, leftOut: number) => void,
    limits: Partial<LogLimits> = {},
  ) {
    this.limits = { ...defaultLimits, ...limits };
  }

  /** Returns whether to write a line of this kind about this subject, for example a connection. */
  admits(kind: string, subject = ''): boolean {
    const window = this.windowOf(kind);
    const before = window.linesOf.get(subject) ?? 0;
    const hasRoom = before < this.limits.lines && window.lines < this.limits.linesOfKind;
    const isFirst = before === 0 && window.linesOf.size < maxSubjects;
    if (isFirst || (before > 0 && hasRoom)) {
      window.linesOf.set(subject, before + 1);
      window.lines += 1;
      return true;
    }
    window.leftOut += 1;
    return false;
  }

  private windowOf(kind: string): Window {
    const own = this.windows.get(kind);
    if (own) return own;
    if (this.windows.size >= maxKinds && kind !== furtherKinds) return this.windowOf(furtherKinds);
    const window = { linesOf: new Map<string, number>(), lines: 0, leftOut: 0 };
    this.windows.set(kind, window);
    setTimeout(() => {
      this.windows.delete(kind);
      if (window.leftOut > 0) this.onLeftOut(kind, window.leftOut);
    }, this.limits.windowMs).unref();
    return window;
  }
}
