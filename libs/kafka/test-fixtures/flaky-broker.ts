import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const produce = 0;

/** A way to a real broker that can fail like a network: refuse, or swallow an answer after the broker has acted on it. */
export class FlakyBroker {
  /** How many answers to a produce request were swallowed. */
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

  /** How many clients are connected. */
  get connections(): number {
    return this.sockets.size / 2;
  }

  /** Starts to listen, always on the same port. */
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

  /** The answers to the next produce requests are lost, with their connections. */
  swallowAnswers(count: number): void {
    this.toSwallow = count;
  }

  /**
   * From now on produce requests stay on the way, and outlive a connection that is closed but not one that is reset, as
   * in a network that is cut for a while. Answers what delivers them.
   */
  holdProduce(): () => void {
    const held: (() => void)[] = [];
    this.held = held;
    return () => {
      for (const send of held) send();
    };
  }

  /** Later requests are not held. */
  relayAgain(): void {
    this.held = undefined;
  }

  private relay(client: Socket): void {
    const [host, port] = this.target.split(':');
    const broker = connect(Number(port), host);
    let doomed: number | undefined;
    let holding = false;
    const end = (wasReset: boolean) => {
      client.destroy();
      if (!holding || wasReset) broker.destroy();
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
      if (frame.readInt16BE(4) === produce && this.toSwallow > 0) {
        this.toSwallow -= 1;
        doomed = frame.readInt32BE(8);
      }
      if (frame.readInt16BE(4) !== produce || !this.held) broker.write(frame);
      else {
        holding = true;
        this.held.push(() => !broker.destroyed && broker.write(frame));
      }
    });
    eachFrame(broker, (frame) => {
      if (frame.readInt32BE(4) !== doomed) {
        client.write(this.readdressed(frame));
        return;
      }
      this.swallowed += 1;
      end(true);
    });
  }

  // The broker tells clients where it is; they must come through here instead. Host and port have a fixed length.
  private readdressed(frame: Buffer): Buffer {
    const told = bytesOf(this.target);
    const copy = Buffer.from(frame);
    for (let at = copy.indexOf(told); at >= 0; at = copy.indexOf(told, at + 1)) bytesOf(this.address).copy(copy, at);
    return copy;
  }
}

/** A broker's address as it stands in metadata. */
function bytesOf(address: string): Buffer {
  const [host = '', port] = address.split(':');
  const bytes = Buffer.alloc(2 + host.length + 4);
  bytes.writeInt16BE(host.length, 0);
  bytes.write(host, 2);
  bytes.writeInt32BE(Number(port), 2 + host.length);
  return bytes;
}

/** Cuts a stream into Kafka's frames: four bytes of length, then as many bytes. */
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
