/** Returns whether a host name or address, also in the form of a URL, always means this machine. */
export const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|\[?::1\]?|localhost)$/.test(host);

/** Returns what is wrong with the URL of an issuer or its keys; undefined if nobody can tamper with them in transit. */
export function urlComplaint(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL';
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username || password || hash) return 'must not contain a user, password or fragment';
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return undefined;
  return 'must begin with https://, or with http:// on a loopback address';
}

/** Throws if others could read a secret on its way to this URL: neither encrypted, nor to this machine or within the cluster. */
export function requirePrivate(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || isLoopback(hostname) || isInCluster(hostname)) return;
  throw new Error(
    `a token or secret would be sent to ${hostname} in clear text: use https://; http:// is only for loopback addresses and for names in the cluster (\`name\`, \`name.namespace.svc\`)`,
  );
}

const isInCluster = (host: string): boolean => /^[a-z][a-z0-9-]*$|\.svc(\.cluster\.local)?$/.test(host);
