import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

export interface SocketRequest {
  readonly host: string;
  readonly port: number;
  /** Undefined: the connection is not encrypted. */
  readonly ssl?: ConnectionOptions | undefined;
  readonly onConnect: () => void;
}

export interface ResettableSocket {
  readonly socket: Socket;
  /**
   * Resets the connection. After a normal close, the operating system would try for minutes to send buffered data over
   * a broken network, and a record that was given up could be written after later ones of its key.
   */
  reset(): void;
}

/** Opens a connection to a broker as kafkajs does, encrypted or not, but one that can be reset. */
export function openSocket({ host, port, ssl, onConnect }: SocketRequest): ResettableSocket {
  const raw = connect({ host, port }).setKeepAlive(true, 60_000);
  // `host` is the name that the certificate must have. `servername` (SNI) must not be an IP address.
  const name = isIP(host) ? { host } : { host, servername: host };
  const socket = ssl ? connectTls({ ...name, ...ssl, socket: raw }, onConnect) : raw.once('connect', onConnect);
  // A TLS socket has no reset: it ends with the raw socket, and would crash the process if it ended first. A connecting
  // socket has sent nothing, and a reset would wait for its connection. A socket that is already ending, for example
  // because the broker has closed it, cannot be reset: Node would never close it, and the process would not exit.
  const isClosing = () => raw.connecting || raw.writableEnded || socket.writableEnded;
  return { socket, reset: () => void (isClosing() ? raw.destroy() : raw.resetAndDestroy()) };
}
