/** Whether this name of a host, as it stands in a URL or as an address, can mean nothing but this machine. */
export const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|\[?::1\]?|localhost)$/.test(host);

/** What is wrong with a URL that tokens or keys come from; undefined where they cannot be changed on their way here. */
export function urlComplaint(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL';
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username || password || hash) return 'must hold no user, password or fragment';
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return undefined;
  return 'must begin with https://, or with http:// on a loopback address';
}
