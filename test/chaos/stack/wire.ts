import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * What goes wrong on the way. `reply cut`: the call arrives, and the connection breaks when the answer begins to come.
 * `request lost`: it breaks before the call arrives. `silence`: nothing passes in either direction.
 */
export type WireFault = 'reply cut' | 'request lost' | 'silence';
type Direction = 'request' | 'reply';

const breaksAt: Readonly<Record<WireFault, Direction | undefined>> = {
  'reply cut': 'reply',
  'request lost': 'request',
  silence: undefined,
};

/** A TCP proxy in front of one host: passes bytes on, and breaks as networks do. Knows nothing of HTTP. */
export class Wire {
  /** How many connections it has broken. */
  breaks = 0;
  readonly target: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #fault: WireFault | undefined;
  #left = 0;
  #mended = Promise.withResolvers<void>();

  private constructor(target: string) {
    this.target = target;
    this.#server = createServer((client) => this.#carry(client));
  }

  /** Listens on a port of its own for what is meant for `target`. */
  static async to(target: string): Promise<Wire> {
    const wire = new Wire(target);
    await once(wire.#server.listen(0, '127.0.0.1'), 'listening');
    return wire;
  }

  /** To be called instead of the target. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on, for `times` connections at most, also on those that are open already. */
  break(fault: WireFault, times = Number.POSITIVE_INFINITY): void {
    this.mend();
    this.#fault = fault;
    this.#left = times;
  }

  /** What was held back passes, if whoever sent it still waits. */
  mend(): void {
    this.#fault = undefined;
    this.#mended.resolve();
    this.#mended = Promise.withResolvers();
  }

  close(): void {
    this.mend();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #carry(client: Socket): void {
    const { hostname, port } = new URL(this.target);
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket.setNoDelay());
      socket.once('close', () => this.#sockets.delete(socket));
    }
    const cut = () => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    const gate = (direction: Direction) =>
      new Transform({
        transform: (bytes: Buffer, _encoding, pass) => void this.#pass(direction, bytes, pass, cut),
      });
    const ways = [pipeline(client, gate('request'), upstream), pipeline(upstream, gate('reply'), client)];
    // However a way ends, its ends have seen it.
    void Promise.allSettled(ways);
  }

  async #pass(direction: Direction, bytes: Buffer, pass: TransformCallback, cut: () => void): Promise<void> {
    while (this.#fault === 'silence') await this.#mended.promise;
    if (this.#fault === undefined || breaksAt[this.#fault] !== direction || this.#left <= 0) return pass(null, bytes);
    this.#left -= 1;
    this.breaks += 1;
    cut();
  }
}
