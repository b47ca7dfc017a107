export const bodyShapes = ['string-array', 'object-array', 'edge', 'text', 'html', 'empty'] as const;
export type BodyShape = (typeof bodyShapes)[number];

/**
 * A failure of the destination.
 *
 * The first six kinds replace the call; `html` is a proxy's page with status 200. `reset-after-accept`, `malformed-json`,
 * `empty` and `huge-id` (1 MB) execute the call, which may create a page, and corrupt the reply. `latency` delays the call.
 */
export type Fault =
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly body: BodyShape;
      readonly errors?: readonly string[];
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'rate-limited'; readonly resetSeconds: number }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | { readonly kind: 'html' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'reset-after-accept' }
  | { readonly kind: 'malformed-json' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'huge-id' }
  | { readonly kind: 'latency'; readonly ms: number };

export const faultKinds = [
  'error',
  'rate-limited',
  'redirect',
  'html',
  'hang',
  'reset',
  'reset-after-accept',
  'malformed-json',
  'empty',
  'huge-id',
  'latency',
] as const satisfies readonly Fault['kind'][];

/** The calls that a switch catches: all if no field is given; `*` in a path matches any characters. */
export interface FaultMatch {
  readonly method?: string;
  readonly path?: string;
  readonly listener?: 'api' | 'paging';
  /** A text in the request body, to catch single pages. */
  readonly body?: string;
}

/** A fault, the calls that it strikes, and how often; without `times` until it is cleared. */
export interface FaultSwitch {
  readonly match: FaultMatch;
  readonly times?: number;
  readonly fault: Fault;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly listener: 'api' | 'paging';
  readonly body: string;
}

export class Faults {
  #switches: { readonly given: FaultSwitch; left: number; hits: number }[] = [];

  replace(switches: readonly FaultSwitch[]): void {
    this.#switches = [];
    this.add(switches);
  }

  add(switches: readonly FaultSwitch[]): void {
    for (const given of switches)
      this.#switches.push({ given, left: given.times ?? Number.POSITIVE_INFINITY, hits: 0 });
  }

  clear(): void {
    this.#switches = [];
  }

  /** Returns every switch with its hits; `left` is absent if the switch strikes until it is cleared. */
  all(): (FaultSwitch & { hits: number; left?: number })[] {
    return this.#switches.map(({ given, left, hits }) => ({
      ...given,
      hits,
      ...(Number.isFinite(left) ? { left } : {}),
    }));
  }

  /** Returns the faults of this call: the sum of the delays, and the first other fault. Each counts as one hit. */
  strike(request: Request): {
    readonly delayMs: number;
    readonly fault: Exclude<Fault, { kind: 'latency' }> | undefined;
  } {
    let delayMs = 0;
    for (const one of this.#switches) {
      if (one.left <= 0 || !catches(one.given.match, request)) continue;
      one.left -= 1;
      one.hits += 1;
      if (one.given.fault.kind !== 'latency') return { delayMs, fault: one.given.fault };
      delayMs += one.given.fault.ms;
    }
    return { delayMs, fault: undefined };
  }
}

function catches(match: FaultMatch, { method, path, listener, body }: Request): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method.toUpperCase()) return false;
  if (match.listener !== undefined && match.listener !== listener) return false;
  if (match.body !== undefined && !body.includes(match.body)) return false;
  return match.path === undefined || pathPattern(match.path).test(path);
}

const pathPattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, (c) => (c === '*' ? '.*' : `\\${c}`))}$`);
