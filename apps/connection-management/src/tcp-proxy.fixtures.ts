import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy between the service and a server. A test can take the server away, silence it, and bring it back. */
export class TcpProxy {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;
  private frozen = false;
  private freezesAt: readonly string[] = [];

  constructor(private readonly target: { host: string; port: number }) {}

  async open(): Promise<number> {
    this.server = createServer((client) => {
      const upstream = connect(this.target);
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      }
      client.on('data', (bytes) => {
        const [next] = this.freezesAt;
        if (next !== undefined && bytes.includes(next)) this.seen();
        upstream.write(bytes);
      });
      upstream.on('data', (bytes) => {
        if (!this.frozen) client.write(bytes);
      });
      client.on('close', () => upstream.end());
      upstream.on('close', () => client.end());
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this.port;
  }

  async cut(): Promise<void> {
    const closed = this.server ? once(this.server, 'close') : undefined;
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Accepts connections and data from now on, and answers nothing. */
  freeze(): void {
    this.frozen = true;
    this.freezesAt = [];
  }

  /** Freezes once these texts were sent in turn: the server gets the last one, and its answer is lost. */
  freezeAt(...texts: readonly string[]): void {
    this.freezesAt = texts;
  }

  /** Answers again. A client that waited on an earlier connection has lost its answer for good. */
  thaw(): void {
    this.frozen = false;
  }

  private seen(): void {
    this.freezesAt = this.freezesAt.slice(1);
    if (this.freezesAt.length === 0) this.freeze();
  }
}
