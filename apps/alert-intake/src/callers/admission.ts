import { Injectable } from '@nestjs/common';
import type { Owner } from '../turns/fair-queue.ts';

const mebibyte = 1024 * 1024;

/** What the requests in flight of one owner hold, and may hold. A parsed body takes up to ten times its bytes. */
class Share {
  requests = 0;
  bytes = 0;
  /** The requests whose bodies have not arrived, the one that has sent nothing for longest first. */
  readonly receiving = new Set<Stay>();

  constructor(
    private readonly maxBytes: number,
    private readonly maxRequests: number,
  ) {}

  hasRoom(requests: number, bytes: number): boolean {
    return this.requests + requests <= this.maxRequests && this.bytes + bytes <= this.maxBytes;
  }
}

/** A request in flight. The signal is aborted if it must make room before its body has arrived. */
export class Stay {
  readonly crowdedOut = new AbortController();
  shares: readonly Share[] = [];
  bytes = 0;
  hasArrived = false;
}

/**
 * Bounds what requests in flight hold: no integration and no org takes the memory of others. A request holds the bytes that it has sent,
 * not those that it has announced. If a share is full, the request that has sent nothing for longest makes room.
 */
@Injectable()
export class Admission {
  private readonly all = new Share(64 * mebibyte, 4096);
  private readonly strangers = new Share(16 * mebibyte, 1024);
  private readonly owners = new Map<string, Share>();

  /** Returns undefined if there is no room. Without an owner, the token of the request is in a body that has not arrived. */
  admit(owner?: Owner): Stay | undefined {
    const stay = new Stay();
    return this.move(stay, owner) ? stay : undefined;
  }

  /** Moves a request to the shares of its owner, and returns whether they have room for it; if not, it holds nothing any more. */
  move(stay: Stay, owner?: Owner): boolean {
    this.end(stay);
    return this.take(stay, owner ? this.sharesOf(owner) : [this.strangers, this.all], 1, stay.bytes);
  }

  /** Adds bytes that a request has sent, and returns whether there is room for them. */
  receive(stay: Stay, bytes: number): boolean {
    stay.bytes += bytes;
    if (this.take(stay, stay.shares, 0, bytes)) return true;
    stay.bytes -= bytes;
    return false;
  }

  /** Says that a body has arrived: it makes room for nobody from now on. */
  arrived(stay: Stay): void {
    stay.hasArrived = true;
    for (const { receiving } of stay.shares) receiving.delete(stay);
  }

  /** Ends a stay, if it has not ended. */
  end(stay: Stay): void {
    for (const share of stay.shares) {
      share.requests -= 1;
      share.bytes -= stay.bytes;
      share.receiving.delete(stay);
    }
    stay.shares = [];
  }

  private take(stay: Stay, shares: readonly Share[], requests: number, bytes: number): boolean {
    for (const share of shares) {
      while (!share.hasRoom(requests, bytes)) {
        const [first] = share.receiving.values().filter((each) => each !== stay);
        if (!first) return false;
        this.end(first);
        first.crowdedOut.abort();
      }
    }
    stay.shares = shares;
    for (const share of shares) {
      share.requests += requests;
      share.bytes += bytes;
      share.receiving.delete(stay);
      if (!stay.hasArrived) share.receiving.add(stay);
    }
    return true;
  }

  /** The narrowest first, so that nobody makes room for a request that is refused. */
  private sharesOf({ sourceOrg, name }: Owner): readonly Share[] {
    return [this.shareOf(`${sourceOrg}/${name}`, 8, 1024), this.shareOf(sourceOrg, 16, 2048), this.all];
  }

  private shareOf(owner: string, maxMebibytes: number, maxRequests: number): Share {
    const share = this.owners.get(owner) ?? new Share(maxMebibytes * mebibyte, maxRequests);
    this.owners.set(owner, share);
    return share;
  }
}
