import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * A network fault. `reply cut`: the call arrives, and the connection breaks at the first byte of the answer. `request lost`:
 * the connection breaks before the call arrives. `silence`: no bytes pass in either direction.
 */
export type WireFault = 'reply cut' | 'request lost' | 'silence';
type Direction = 'request' | 'reply';

const breaksAt: Readonly<Record<WireFault, Direction | undefined>> = {
  'reply cut': 'reply',
  'request lost': 'request',
  silence: undefined,
};

/** A TCP proxy in front of one host that forwards bytes and can break like a network. Independent of HTTP. */
export class Wire {
  /** The number of broken connections. */
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

  /** Listens on a free port and forwards to `target`. */
  static async to(target: string): Promise<Wire> {
    const wire = new Wire(target);
    await once(wire.#server.listen(0, '127.0.0.1'), 'listening');
    return wire;
  }

  /** The URL to call instead of the target. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Starts a fault, for at most `times` connections, including open ones. */
  break(fault: WireFault, times = Number.POSITIVE_INFINITY): void {
    this.mend();
    this.#fault = fault;
    this.#left = times;
  }

  /** Ends the fault; forwards delayed bytes if their connection is still open. */
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
    // Errors of a direction have reached both of its ends already.
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
