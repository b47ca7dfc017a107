import { setGlobalDispatcher } from 'undici';
import { newDispatcher } from './new-dispatcher.ts';

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
