import type { Given } from '../infrastructure/infrastructure.ts';
import { freePortsOr } from '../processes/ports.ts';
import { type ServiceName, serviceNames } from './services.ts';

/** What of a stack listens where others look for it. */
export type Listener = ServiceName | 'oncall-sandbox' | 'kafka';
export type StackPorts = Readonly<Record<Listener, number>>;

/** Where documents and people expect them: the services' own defaults, Kafka's, and one more for the sandbox. */
const usualPorts: StackPorts = {
  'connection-management': 8081,
  'handle-sync': 8082,
  'page-routing': 8083,
  'page-delivery': 8084,
  'oncall-sandbox': 8085,
  kafka: 9092,
};

/** A free port for each: the usual one where that is wished for and free. */
export async function stackPorts(usual: boolean): Promise<StackPorts> {
  const listeners: readonly Listener[] = [...serviceNames, 'oncall-sandbox', 'kafka'];
  const ports = await freePortsOr(listeners.map((name) => (usual ? usualPorts[name] : undefined)));
  return Object.fromEntries(listeners.map((name, index) => [name, ports[index]])) as StackPorts;
}

/** A line for each usual port that somebody else has. */
export const takenPorts = (ports: StackPorts, { brokers }: Given): string[] =>
  (Object.keys(usualPorts) as Listener[])
    .filter((name) => ports[name] !== usualPorts[name] && !(name === 'kafka' && brokers))
    .map((name) => `port ${usualPorts[name]} is taken: ${name} listens on ${ports[name]}`);
