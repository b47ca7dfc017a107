import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { connect as connectSecurely, type SecureContextOptions } from 'node:tls';
import { localFolder } from '../folder.ts';
import { identityOf } from './identity.ts';

// Below the range of outgoing connections (Linux: from 32768). A connection could take a higher port between its choice
// and its use, or while a killed process is down. Above the last port that `fetch` refuses to call, 10080.
const [lowest, highest] = [10_081, 31_999];

/**
 * Returns different free ports of the loopback interface, and none that processes of this checkout have reserved and do
 * not listen on yet. Any other process may still take one before it is used.
 */
export const freePorts = (count: number): Promise<number[]> => freePortsOr(Array(count).fill(undefined));

/** Like `freePorts`, but returns each preferred port if it is free. */
export async function freePortsOr(preferred: readonly (number | undefined)[]): Promise<number[]> {
  const servers = new Map<number, Server>();
  const take = async (port: number): Promise<boolean> => {
    const server = createServer().listen(port, '127.0.0.1');
    const isTaken = await isListening(server);
    if (isTaken) servers.set(port, server);
    return isTaken;
  };
  const ports: number[] = [];
  for (const wanted of preferred) {
    let port = wanted ?? claimedPort();
    while (!(await take(port))) port = claimedPort();
    ports.push(port);
  }
  await Promise.all([...servers.values()].map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

function claimedPort(): number {
  let port = randomInt(lowest, highest + 1);
  while (!claim(port)) port = randomInt(lowest, highest + 1);
  return port;
}

// One file for each reserved port. It holds the pid of the reserving process, and is valid while that process lives.
const claims = join(localFolder, 'ports');

function claim(port: number): boolean {
  const file = join(claims, String(port));
  mkdirSync(claims, { recursive: true });
  if (existsSync(file) && !isClaimed(file)) rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isClaimed(file: string): boolean {
  try {
    const owner = readFileSync(file, 'utf8');
    // The file is empty while it is being written.
    return owner === '' || identityOf(Number(owner)) !== undefined;
  } catch {
    // Another process has just removed the file and is reserving the port now.
    return true;
  }
}

/** Returns false if another process listens there. */
async function isListening(server: Server): Promise<boolean> {
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('no free port');
  return port;
}

/**
 * Returns the first bytes that a server on loopback sends, after `hello` if given; over TLS if `tls` is given.
 *
 * Resolves to undefined if nobody listens, nothing arrives within a second, or the connection ends first.
 */
export function firstAnswer(
  port: number,
  hello?: Buffer,
  enough = 1,
  tls?: SecureContextOptions,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const server = { port, host: '127.0.0.1' };
    const socket = tls ? connectSecurely({ ...server, ...tls }) : connect(server);
    const end = () => {
      socket.destroy();
      resolve(heard.length >= enough ? heard : undefined);
    };
    socket.setTimeout(1000, end);
    socket.on('error', end).on('end', end);
    socket.on(tls ? 'secureConnect' : 'connect', () => hello && socket.write(hello));
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      if (heard.length >= enough) end();
    });
  });
}
