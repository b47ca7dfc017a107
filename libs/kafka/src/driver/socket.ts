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
   * Resets the connection. After a mere close the operating system would try for minutes to send the rest over a cut
   * network, and a record that was given up would be written behind later ones of its key.
   */
  reset(): void;
}

/** Opens connections to brokers as kafkajs does, encrypted or not, but so that they can be reset. */
export function openSocket({ host, port, ssl, onConnect }: SocketRequest): ResettableSocket {
  const raw = connect({ host, port }).setKeepAlive(true, 60_000);
  // An encrypted socket has no reset of its own. It ends with the one below it; ended first, the process would crash.
  // One that is not connected yet holds nothing; reset, it would first wait until it is. One that is being ended, as it is
  // when the broker has ended it, cannot be reset: Node would never close it, and the process never exit.
  const reset = () => void (raw.connecting || raw.writableEnded ? raw.destroy() : raw.resetAndDestroy());
  if (!ssl) return { socket: raw.once('connect', onConnect), reset };
  // Whom the certificate must name; a name is also told to the broker, which an address must not be.
  const name = isIP(host) ? { host } : { host, servername: host };
  return { socket: connectTls({ ...name, ...ssl, socket: raw }, onConnect), reset };
}
