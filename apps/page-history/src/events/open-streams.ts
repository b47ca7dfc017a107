import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { showGauge } from '@pagebridge/service';
import { Registry } from 'prom-client';
import { Slots } from '../asked/slots.ts';
import { problems } from '../problems.ts';

const maxMs = 60 * 60 * 1000;
// It may be revoked at any time.
const maxOfApiTokenMs = 60_000;

/** The streams that are open. */
@Injectable()
export class OpenStreams extends Slots implements BeforeApplicationShutdown {
  private readonly stop = new AbortController();

  constructor(registry: Registry) {
    super(50, 500, problems['too-many-streams']);
    showGauge(registry, 'pagebridge_history_streams', 'Browsers with an open event stream.', () => this.size);
  }

  /** Aborted when the service stops, which would wait for the streams otherwise. */
  get stopping(): AbortSignal {
    return this.stop.signal;
  }

  beforeApplicationShutdown(): void {
    this.stop.abort();
  }
}

/** Returns for how many milliseconds a stream with this header may last: until its token expires, if that can be told. */
export function endOf(authorization: string | undefined, now = Date.now()): number {
  const [, payload = ''] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/i.exec(authorization ?? '') ?? [];
  const expiry = expiryIn(payload) ?? now + (authorization === undefined ? maxMs : maxOfApiTokenMs);
  return Math.min(maxMs, Math.max(0, Math.floor(expiry - now)));
}

// The access guard has verified the token, unless it is off.
function expiryIn(payload: string): number | undefined {
  try {
    const { exp }: { readonly exp?: unknown } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
