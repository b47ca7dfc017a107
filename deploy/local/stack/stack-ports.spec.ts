import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort, freePortsOr } from '../processes/ports.ts';
import { stackPorts, takenPorts } from './stack-ports.ts';

describe('free ports', () => {
  it('are the preferred ones, except for one that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: taken } = server.address() as AddressInfo;
    const free = await freePort();
    const [first, second, third] = await freePortsOr([free, taken, undefined]);
    server.close();
    expect(first).toBe(free);
    expect(second).not.toBe(taken);
    expect(new Set([first, second, third]).size).toBe(3);
  });
});

describe('the ports of a stack', () => {
  const ports = {
    'console-gateway': 8080,
    'connection-management': 8081,
    'handle-sync': 12_345,
    'page-routing': 8083,
    'oncall-sandbox': 8085,
    'page-history': 8087,
    'alert-intake': 8088,
    'console-gateway management': 9080,
    'connection-management management': 9081,
    'handle-sync management': 12_347,
    'page-routing management': 9083,
    'page-delivery management': 9084,
    'page-history management': 9087,
    'alert-intake management': 9088,
    'openid-provider': 8086,
    kafka: 12_346,
  };

  it('are reported if they differ from the usual ones', () => {
    expect(takenPorts(ports, {})).toEqual([
      'port 8082 is taken: handle-sync listens on 12345',
      'port 9082 is taken: handle-sync management listens on 12347',
      'port 9092 is taken: kafka listens on 12346',
    ]);
  });

  it('are not reported for an existing Kafka', () => {
    expect(takenPorts(ports, { brokers: 'kafka:9092' })).toHaveLength(2);
  });

  it('differ from the usual ones unless those are requested', async () => {
    expect(takenPorts(await stackPorts(false), {})).toHaveLength(16);
  });
});
