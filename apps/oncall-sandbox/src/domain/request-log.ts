/** One call, without headers and body, so without secrets. `status` 0 means that no reply was sent. */
export interface LoggedRequest {
  readonly at: Date;
  readonly listener: 'api' | 'paging';
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly route: string;
  readonly fault: string | null;
  readonly status: number;
  readonly durationMs: number;
}

const kept = 1000;

/** The latest calls, and the number of calls by route and status. */
export class RequestLog {
  #recent: LoggedRequest[] = [];
  #counts = new Map<string, number>();

  add(request: LoggedRequest): void {
    this.#recent.push(request);
    if (this.#recent.length > 2 * kept) this.#recent = this.#recent.slice(-kept);
    const label = `${request.method} ${request.route} ${request.status}`;
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
  }

  recent(limit: number): LoggedRequest[] {
    return this.#recent.slice(-Math.min(limit, kept));
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a.localeCompare(b)));
  }

  clear(): void {
    this.#recent = [];
    this.#counts.clear();
  }
}
