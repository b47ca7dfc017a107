import { claimFolder, consoleSpec, freePorts, Processes, type StackInfo, scriptOf } from '@pagebridge/local-stack';

const loopback = (port: number): string => `http://127.0.0.1:${port}`;

/** Gateways of the console with one session key, besides that of a stack. */
export class Gateways {
  readonly #folder;
  readonly #processes;

  /** Uses this folder below `.local`. */
  constructor(name: string) {
    this.#folder = claimFolder(name);
    this.#processes = new Processes(this.#folder);
  }

  /** Starts a gateway, optionally of the build of another checkout. Resolves with its address once it is ready. */
  async start({ access, services, management }: StackInfo, checkout?: string): Promise<string> {
    const [port = 0, managementPort = 0] = await freePorts(2);
    const urls = { services, management: { ...management, console: loopback(managementPort) } };
    const spec = consoleSpec(this.#folder, access.issuer, urls);
    const args = [scriptOf('console-gateway', 'main.js', checkout)];
    await this.#processes.start({
      ...spec,
      name: `${spec.name}-${port}`,
      args,
      env: { ...spec.env, PORT: String(port) },
    });
    return loopback(port);
  }

  /** Stops the gateway at an address, as a rolling update does. Resolves once it has ended. */
  async stop(address: string): Promise<void> {
    const { port } = new URL(address);
    await this.#processes.running.find(({ spec }) => spec.env?.PORT === port)?.stop();
  }

  async killAll(): Promise<void> {
    await this.#processes.killAll();
  }
}
