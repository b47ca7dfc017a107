/** How calls leave a process: directly, or through the proxy that its environment names. Not in index.ts, because it loads undici. */
import { type Dispatcher, EnvHttpProxyAgent, errors, Pool, setGlobalDispatcher } from 'undici';

export type { Dispatcher };

// For each step to a connection: TCP to the proxy or the origin, the answer of the proxy to CONNECT, and TLS.
const connectTimeout = 5000;

/**
 * Returns a dispatcher that keeps the connections to each origin, each for one call at a time.
 *
 * https origins are called through the proxy of the environment, except the hosts of NO_PROXY; origins of plain http are called
 * directly, because they are on this machine or in its cluster. A call that gets no tunnel was not sent, and its error names the proxy.
 */
export const newDispatcher = (): Dispatcher =>
  new EnvHttpProxyAgent({
    httpProxy: '',
    allowH2: false,
    pipelining: 1,
    connectTimeout,
    proxyTls: { allowH2: false },
    clientFactory: tunnelsOf,
  });

/** Returns the connections to the proxy. undici does not limit its wait for the proxy, and its errors do not name the proxy. */
function tunnelsOf({ origin, host }: URL, options: object): Dispatcher {
  const pool = new Pool(origin, { ...options, headersTimeout: connectTimeout });
  const open = pool.connect.bind(pool);
  const connect = async (to: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    const tunnel = await open(to).catch(({ code = '', message }: NodeJS.ErrnoException) => {
      const detail = `the proxy ${host} opens no tunnel: ${message || code}`;
      throw code.endsWith('TIMEOUT') ? new errors.ConnectTimeoutError(detail) : refused(detail);
    });
    if (tunnel.statusCode === 200) return tunnel;
    tunnel.socket.on('error', () => undefined).destroy();
    throw refused(`the proxy ${host} opens no tunnel: it answers ${tunnel.statusCode}`);
  };
  return Object.assign(pool, { connect });
}

const refused = (detail: string) => new errors.ProxyConnectionError(undefined, detail);

/**
 * Makes `fetch` send https calls through the proxy of the environment, if it names one.
 *
 * Throws an Error that names the variable, without its value, which may hold a password, if that is not the URL of a proxy.
 */
export function useProxy(): void {
  // As curl does: the lower-case variable takes precedence, also if it is empty.
  const name = process.env.https_proxy === undefined ? 'HTTPS_PROXY' : 'https_proxy';
  const url = process.env[name];
  if (!url) return;
  try {
    if (!/^https?:\/\/[^/?#\s]+\/?$/i.test(url)) throw new TypeError('no proxy');
    setGlobalDispatcher(newDispatcher());
  } catch {
    // undici also throws where it cannot parse the URL, or decode its user and password.
    throw new Error(`${name} must be http:// or https://, host and port of a proxy: http://proxy:3128`);
  }
}
