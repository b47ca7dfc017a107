import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { CertificateAuthority } from '@pagebridge/testing';

/** What the proxy does with a CONNECT; `hang`: nothing. */
export type Reaction = 'tunnel' | 'refuse' | 'close' | 'reset' | 'hang' | 'babble';

const user = 'pagebridge';
/** With a character that a URL has encoded. */
const password = 'pass:word-of-the-proxy';

/** A proxy with a password that leads to https hosts whose names nobody else resolves, and the CA of these hosts. */
export class ConnectProxy {
  /** The `host:port` of each CONNECT. */
  readonly asked: string[] = [];
  reaction: Reaction = 'tunnel';
  readonly #server: Server;
  readonly #hosts: TlsServer;
  readonly #behind = new Map<string, number>();
  readonly #sockets = new Set<Socket>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'proxy-'));

  private constructor(
    /** The certificate of the CA that signs those of the hosts, in PEM. */
    readonly ca: string,
    host: { readonly cert: string; readonly key: string },
  ) {
    writeFileSync(this.caFile, ca);
    this.#server = createServer().on('connect', (request, socket) => this.#react(request, socket as Socket));
    // The name in the handshake is that of the host.
    this.#hosts = createTlsServer(host, (socket) => {
      const port = this.#behind.get(String(socket.servername)) ?? 0;
      this.#join(socket, connect(port, '127.0.0.1'));
    });
  }

  static async start(): Promise<ConnectProxy> {
    const authority = await CertificateAuthority.create();
    const proxy = new ConnectProxy(authority.cert, await authority.issue({ name: 'hosts', hosts: ['*.behind.test'] }));
    for (const server of [proxy.#server, proxy.#hosts])
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** Puts an HTTP server of this machine behind the proxy. Returns its https origin. */
  leadTo(name: string, server: string): string {
    this.#behind.set(`${name}.behind.test`, Number(new URL(server).port));
    return `https://${name}.behind.test`;
  }

  /** The URL of the proxy, for HTTPS_PROXY. */
  get url(): string {
    return `http://${user}:${encodeURIComponent(password)}@${this.host}`;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The texts that nothing may log. */
  get secrets(): readonly string[] {
    return [password, encodeURIComponent(password), this.#basic];
  }

  get caFile(): string {
    return join(this.#folder, 'ca.crt');
  }

  /** Reacts to each CONNECT in this way from now on. What was tunnelled before ends. */
  react(reaction: Reaction): void {
    this.reaction = reaction;
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.react('refuse');
    for (const server of [this.#server, this.#hosts]) await new Promise((resolve) => server.close(resolve));
    rmSync(this.#folder, { recursive: true });
  }

  get #basic(): string {
    return Buffer.from(`${user}:${password}`).toString('base64');
  }

  #react({ url = '', headers }: IncomingMessage, socket: Socket): void {
    this.#keep(socket);
    this.asked.push(url);
    if (headers['proxy-authorization'] !== `Basic ${this.#basic}`) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    if (this.reaction === 'tunnel') {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      this.#join(socket, connect((this.#hosts.address() as AddressInfo).port, '127.0.0.1'));
    }
    if (this.reaction === 'refuse') socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 6\r\n\r\ndenied');
    if (this.reaction === 'babble') socket.end('SSH-2.0-OpenSSH_9.6\r\n');
    if (this.reaction === 'close') socket.end();
    if (this.reaction === 'reset') socket.resetAndDestroy();
  }

  #join(one: Socket, other: Socket): void {
    for (const socket of [one, other]) this.#keep(socket);
    one.pipe(other).pipe(one);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    // A tunnel that ends at one side has ended at both.
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
  }
}
