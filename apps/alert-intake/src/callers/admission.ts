import { Injectable } from '@nestjs/common';

const mebibyte = 1024 * 1024;
/** What all requests in flight may hold. */
const maxBytes = 128 * mebibyte;

/** What the requests in flight of one owner may hold. */
export interface Share {
  readonly owner: string;
  readonly maxBytes: number;
  readonly maxRequests: number;
}

export const shareOfOrg = (sourceOrg: string): Share => ({
  owner: sourceOrg,
  maxBytes: 32 * mebibyte,
  maxRequests: 512,
});
export const shareOfIntegration = (sourceOrg: string, name: string): Share => ({
  owner: `${sourceOrg}/${name}`,
  maxBytes: 16 * mebibyte,
  maxRequests: 256,
});
/** Of those whose token is in a body that is not read yet. */
export const shareOfStrangers: Share = { owner: '', maxBytes: 32 * mebibyte, maxRequests: 1024 };

interface Held {
  requests: number;
  bytes: number;
}

/** Bounds what requests in flight hold: no integration and no org takes the memory or the turns of the others. */
@Injectable()
export class Admission {
  private bytes = 0;
  private readonly held = new Map<string, Held>();

  /** Returns what ends the stay of an admitted request; undefined if one of its owners, or all together, hold too much. */
  admit(shares: readonly Share[], bytes: number): (() => void) | undefined {
    if (this.bytes + bytes > maxBytes || shares.some((share) => this.isFull(share, bytes))) return undefined;
    this.add(shares, 1, bytes);
    let isOver = false;
    return () => {
      if (!isOver) this.add(shares, -1, -bytes);
      isOver = true;
    };
  }

  private isFull({ owner, maxBytes: most, maxRequests }: Share, bytes: number): boolean {
    const held = this.held.get(owner);
    return held !== undefined && (held.requests >= maxRequests || held.bytes + bytes > most);
  }

  private add(shares: readonly Share[], requests: number, bytes: number): void {
    this.bytes += bytes;
    for (const { owner } of shares) {
      const held = this.held.get(owner) ?? { requests: 0, bytes: 0 };
      held.requests += requests;
      held.bytes += bytes;
      if (held.requests === 0) this.held.delete(owner);
      else this.held.set(owner, held);
    }
  }
}
