import { Injectable } from '@nestjs/common';

const mebibyte = 1024 * 1024;
/** Of all requests at once, and of those of one owner: no integration takes the memory or the turns of the others. */
const mostBytes = 128 * mebibyte;
const mostBytesOfOne = 16 * mebibyte;
const mostRequestsOfOne = 256;

/** Bounds what requests in flight hold, for each integration and together. */
@Injectable()
export class Admission {
  private bytes = 0;
  private readonly owners = new Map<string, { requests: number; bytes: number }>();

  /** Returns what ends the stay of an admitted request; undefined if its owner, or all together, hold too much. */
  admit(owner: string, bytes: number): (() => void) | undefined {
    const held = this.owners.get(owner) ?? { requests: 0, bytes: 0 };
    const isTooMuch = held.requests >= mostRequestsOfOne || (held.requests > 0 && held.bytes + bytes > mostBytesOfOne);
    if (isTooMuch || this.bytes + bytes > mostBytes) return undefined;
    this.add(owner, held, 1, bytes);
    let isOver = false;
    return () => {
      if (!isOver) this.add(owner, held, -1, -bytes);
      isOver = true;
    };
  }

  private add(owner: string, held: { requests: number; bytes: number }, requests: number, bytes: number): void {
    held.requests += requests;
    held.bytes += bytes;
    this.bytes += bytes;
    if (held.requests === 0) this.owners.delete(owner);
    else this.owners.set(owner, held);
  }
}
