import type { Given } from '../infrastructure/infrastructure.ts';
import { freePortsOr } from '../processes/ports.ts';
import type { ServiceName, ServicePorts } from './services.ts';

/** The listeners of a stack that other programs connect to. */
export type Listener =
  | Exclude<ServiceName, 'page-delivery'>
  | `${ServiceName} management`
  | 'console-gateway'
  | 'console-gateway management'
  | 'oncall-sandbox'
  | 'openid-provider'
  | 'kafka';
export type StackPorts = Readonly<Record<Listener, number>>;

/** The documented ports: the defaults of the services and of Kafka, and one each for the sandbox and the OpenID provider. */
const usualPorts: StackPorts = {
  'console-gateway': 8080,
  'connection-management': 8081,
  'handle-sync': 8082,
  'page-routing': 8083,
  'oncall-sandbox': 8085,
  'page-history': 8087,
  'alert-intake': 8088,
  'console-gateway management': 9080,
  'connection-management management': 9081,
  'handle-sync management': 9082,
  'page-routing management': 9083,
  'page-delivery management': 9084,
  'page-history management': 9087,
  'alert-intake management': 9088,
  'openid-provider': 8086,
  kafka: 9092,
};

/** Returns a free port for each listener: the usual one if requested and free. */
export async function stackPorts(usual: boolean): Promise<StackPorts> {
  const listeners = Object.keys(usualPorts) as Listener[];
  const ports = await freePortsOr(listeners.map((name) => (usual ? usualPorts[name] : undefined)));
  return Object.fromEntries(listeners.map((name, index) => [name, ports[index]])) as StackPorts;
}

/** Returns the ports of one service. */
export const portsOf = (name: ServiceName, ports: StackPorts): ServicePorts => ({
  callers: name === 'page-delivery' ? 0 : ports[name],
  management: ports[`${name} management`],
});

/** Returns a line for each usual port that another process has. */
export const takenPorts = (ports: StackPorts, { brokers }: Given): string[] =>
  (Object.keys(usualPorts) as Listener[])
    .filter((name) => ports[name] !== usualPorts[name] && !(name === 'kafka' && brokers))
    .map((name) => `port ${usualPorts[name]} is taken: ${name} listens on ${ports[name]}`);
