import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Problem, showGauge } from '@pagebridge/service';
import { Registry } from 'prom-client';
import { problems } from '../problems.ts';

const maxOfAll = 500;
const maxOfOrg = 50;
const maxMs = 60 * 60 * 1000;

/** Bounds the streams that are open at once, so that one org leaves room for the others. */
@Injectable()
export class OpenStreams implements BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private readonly open = new Map<string, number>();

  constructor(registry: Registry) {
    const help = 'Browsers that are told at once of what is stored.';
    showGauge(registry, 'pagebridge_history_streams', help, () => this.all());
  }

  /** Aborted when the service stops, which would wait for the streams otherwise. */
  get stopping(): AbortSignal {
    return this.stop.signal;
  }

  beforeApplicationShutdown(): void {
    this.stop.abort();
  }

  /** Returns what ends the stream. Throws a 429 problem. */
  enter(org: string): () => void {
    const own = this.open.get(org) ?? 0;
    if (own >= maxOfOrg || this.all() >= maxOfAll) {
      const detail = `${own} streams of ${org} are open on this instance; close some, or ask for lists instead.`;
      throw new Problem({ ...problems['too-many-streams'], detail }, { retryAfterMs: 30_000 });
    }
    this.open.set(org, own + 1);
    return () => this.leave(org);
  }

  private all(): number {
    return this.open.values().reduce((sum, count) => sum + count, 0);
  }

  private leave(org: string): void {
    const own = (this.open.get(org) ?? 1) - 1;
    if (own === 0) this.open.delete(org);
    else this.open.set(org, own);
  }
}

/** Returns for how many milliseconds a stream with this header may last: until its token expires, if that can be told. */
export function endOf(authorization: string | undefined, now = Date.now()): number {
  const [, payload] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/i.exec(authorization ?? '') ?? [];
  const expiry = payload === undefined ? undefined : expiryIn(payload);
  return Math.min(maxMs, Math.max(0, (expiry ?? Number.POSITIVE_INFINITY) - now));
}

// The access guard has verified the token.
function expiryIn(payload: string): number | undefined {
  const { exp }: { readonly exp?: unknown } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return typeof exp === 'number' ? exp * 1000 : undefined;
}
