import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const produceApiKey = 0;

/** A proxy to a real broker that fails like a network: it refuses connections, or loses the answers of the broker. */
export class FlakyBroker {
  /** The number of answers to produce requests that were lost. */
  swallowed = 0;
  private port = 0;
  private toSwallow = 0;
  private held: (() => void)[] | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.relay(client));

  constructor(private readonly target: string) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The number of connected clients. */
  get connections(): number {
    return this.sockets.size / 2;
  }

  /** Listens; after `down`, on the same port again. */
  async up(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Loses all answers on the present connections without closing them, like a host that vanishes. New ones work. */
  freezeConnections(): void {
    for (const socket of this.sockets) socket.pause();
  }

  /** Loses the answers to the next `count` produce requests, and closes their connections. */
  swallowAnswers(count: number): void {
    this.toSwallow = count;
  }

  /**
   * Holds later produce requests, like a network that is cut for a while: they survive a close of their connection, but
   * not a reset. Returns a function that delivers them.
   */
  holdProduce(): () => void {
    const held: (() => void)[] = [];
    this.held = held;
    return () => {
      for (const send of held) send();
    };
  }

  /** Stops holding later requests. */
  relayAgain(): void {
    this.held = undefined;
  }

  private relay(client: Socket): void {
    const [host, port] = this.target.split(':');
    const broker = connect(Number(port), host);
    let lostCorrelationId: number | undefined;
    let isHolding = false;
    const end = (wasReset: boolean) => {
      client.destroy();
      if (!isHolding || wasReset) broker.destroy();
    };
    for (const socket of [client, broker]) {
      this.sockets.add(socket);
      socket
        .on('error', () => end(true))
        .on('close', (wasReset) => {
          this.sockets.delete(socket);
          end(wasReset);
        });
    }
    eachFrame(client, (frame) => {
      if (frame.readInt16BE(4) === produceApiKey && this.toSwallow > 0) {
        this.toSwallow -= 1;
        lostCorrelationId = frame.readInt32BE(8);
      }
      if (frame.readInt16BE(4) !== produceApiKey || !this.held) broker.write(frame);
      else {
        isHolding = true;
        this.held.push(() => !broker.destroyed && broker.write(frame));
      }
    });
    eachFrame(broker, (frame) => {
      if (frame.readInt32BE(4) !== lostCorrelationId) {
        client.write(this.withProxyAddress(frame));
        return;
      }
      this.swallowed += 1;
      end(true);
    });
  }

  // Replaces the address of the broker in metadata, so that clients connect to the proxy. Both have the same length.
  private withProxyAddress(frame: Buffer): Buffer {
    const real = bytesOf(this.target);
    const copy = Buffer.from(frame);
    for (let at = copy.indexOf(real); at >= 0; at = copy.indexOf(real, at + 1)) bytesOf(this.address).copy(copy, at);
    return copy;
  }
}

/** Returns an address as metadata encodes it. */
function bytesOf(address: string): Buffer {
  const [host = '', port] = address.split(':');
  const bytes = Buffer.alloc(2 + host.length + 4);
  bytes.writeInt16BE(host.length, 0);
  bytes.write(host, 2);
  bytes.writeInt32BE(Number(port), 2 + host.length);
  return bytes;
}

/** Splits a stream into the frames of Kafka: four bytes with the length, then the content. */
function eachFrame(socket: Socket, handle: (frame: Buffer) => void): void {
  let buffered = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
      const length = 4 + buffered.readInt32BE(0);
      handle(buffered.subarray(0, length));
      buffered = buffered.subarray(length);
    }
  });
}
