import { Injectable } from '@nestjs/common';
import type { Owner } from '../turns/fair-queue.ts';

const mebibyte = 1024 * 1024;

/** What the requests in flight of one owner may hold. A parsed body takes up to ten times its bytes. */
export interface Share {
  readonly owner: string;
  readonly maxBytes: number;
  readonly maxRequests: number;
}

const shareOfAll: Share = { owner: '*', maxBytes: 64 * mebibyte, maxRequests: 4096 };

export const sharesOf = ({ sourceOrg, name }: Owner): readonly Share[] => [
  shareOfAll,
  { owner: sourceOrg, maxBytes: 16 * mebibyte, maxRequests: 2048 },
  { owner: `${sourceOrg}/${name}`, maxBytes: 8 * mebibyte, maxRequests: 1024 },
];

/** Of requests whose token is in a body that has not arrived. */
export const sharesOfStrangers: readonly Share[] = [
  shareOfAll,
  { owner: '', maxBytes: 16 * mebibyte, maxRequests: 1024 },
];

/** A request in flight. The signal is aborted if it must make room before its body has arrived. */
export class Stay {
  readonly crowdedOut = new AbortController();
  isReceiving = true;
  bytes = 0;
  shares: readonly Share[] = [];
}

class Held {
  requests = 0;
  bytes = 0;
  /** The stays whose bodies have not arrived, the one that has received nothing for longest first. */
  readonly receiving = new Set<Stay>();
}

/**
 * Bounds what requests in flight hold: no integration and no org takes the memory of others. A request holds the bytes that it has sent,
 * not those that it has announced. If a share is full, the request that has received nothing for longest makes room.
 */
@Injectable()
export class Admission {
  private readonly held = new Map<string, Held>();

  /** Returns undefined if one of the shares is full of requests whose bodies have arrived. */
  admit(shares: readonly Share[]): Stay | undefined {
    const stay = new Stay();
    return this.move(stay, shares) ? stay : undefined;
  }

  /** Moves a stay to other shares, and returns whether they have room for it; if not, it holds nothing any more. */
  move(stay: Stay, shares: readonly Share[]): boolean {
    this.end(stay);
    if (!shares.every((share) => this.makeRoom(stay, share, 1, stay.bytes))) return false;
    stay.shares = shares;
    this.change(stay, 1, stay.bytes);
    this.touch(stay);
    return true;
  }

  /** Adds bytes that a request has sent, and returns whether there is room for them. */
  receive(stay: Stay, bytes: number): boolean {
    if (!stay.shares.every((share) => this.makeRoom(stay, share, 0, bytes))) return false;
    stay.bytes += bytes;
    this.change(stay, 0, bytes);
    this.touch(stay);
    return true;
  }

  /** Says that a body has arrived: it makes room for nobody from now on. */
  received(stay: Stay): void {
    stay.isReceiving = false;
    for (const { owner } of stay.shares) this.held.get(owner)?.receiving.delete(stay);
  }

  /** Ends a stay, if it has not ended. */
  end(stay: Stay): void {
    for (const { owner } of stay.shares) this.held.get(owner)?.receiving.delete(stay);
    this.change(stay, -1, -stay.bytes);
    stay.shares = [];
  }

  /** Puts a stay behind all others that are receiving. */
  private touch(stay: Stay): void {
    for (const { owner } of stay.isReceiving ? stay.shares : []) {
      const receiving = this.held.get(owner)?.receiving;
      receiving?.delete(stay);
      receiving?.add(stay);
    }
  }

  private makeRoom(stay: Stay, { owner, maxBytes, maxRequests }: Share, requests: number, bytes: number): boolean {
    const held = this.held.get(owner);
    if (!held) return bytes <= maxBytes;
    while (held.requests + requests > maxRequests || held.bytes + bytes > maxBytes) {
      const [first] = [
        ...held.receiving
          .values()
          .filter((each) => each !== stay)
          .take(1),
      ];
      if (!first) return false;
      this.end(first);
      first.crowdedOut.abort();
    }
    return true;
  }

  private change({ shares }: Stay, requests: number, bytes: number): void {
    for (const { owner } of shares) {
      const held = this.held.get(owner) ?? new Held();
      held.requests += requests;
      held.bytes += bytes;
      if (held.requests === 0) this.held.delete(owner);
      else this.held.set(owner, held);
    }
  }
}
