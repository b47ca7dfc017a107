import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

export interface SocketRequest {
  readonly host: string;
  readonly port: number;
  /** What kafkajs was given as `ssl`; nothing: the connection is not encrypted. */
  readonly ssl?: ConnectionOptions | undefined;
  readonly onConnect: () => void;
}

export interface ResettableSocket {
  readonly socket: Socket;
  /**
   * Resets the connection. Closed only, the operating system would go on for minutes to send what a cut network has
   * kept from the broker, and a record that was given up would come to stand behind later ones of its key.
   */
  reset(): void;
}

/** Opens every connection to a broker: as kafkajs would, encrypted or not, but so that it can be reset. */
export function openSocket({ host, port, ssl, onConnect }: SocketRequest): ResettableSocket {
  const raw = connect({ host, port }).setKeepAlive(true, 60_000);
  // An encrypted socket has no reset of its own. It ends with the one below it; ended first, the process would crash.
  // One that is not connected yet holds nothing; reset, it would first wait until it is. One that is being ended, as it is
  // when the broker has ended it, cannot be reset: Node would never close it, and the process never exit.
  const reset = () => void (raw.connecting || raw.writableEnded ? raw.destroy() : raw.resetAndDestroy());
  if (!ssl) return { socket: raw.once('connect', onConnect), reset };
  const name = isIP(host) ? {} : { servername: host };
  return { socket: connectTls({ ...name, ...ssl, socket: raw }, onConnect), reset };
}
