import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { LocalProcess, ProcessSpec, ServiceName, Stack } from '@pagebridge/local-stack';

/** A command of a journey. A process is named like its log: `page-delivery`, `mariadb`, `page-delivery-other-1`. */
export type Order =
  | { readonly do: 'stop' | 'crash'; readonly name: string }
  | { readonly do: 'signal'; readonly name: string; readonly signal: NodeJS.Signals }
  | { readonly do: 'start'; readonly name: string; readonly env?: Env }
  | { readonly do: 'startAnother'; readonly name: ServiceName; readonly env?: Env }
  | { readonly do: 'restore' };

/** The members of a stack that are needed to stop and restart its parts. */
type Breakable = Pick<Stack, 'processes' | 'startAnother'>;

export type Env = Readonly<Record<string, string>>;

/** The name and the log file of a started process. */
export interface Started {
  readonly name: string;
  readonly logFile: string;
}

/**
 * Stops, kills and starts parts of this process's stack for journeys in another process, over HTTP on loopback.
 *
 * Journeys run one after the other, so one restored stack serves them all: starting a stack takes far longer.
 */
export class StackControl {
  readonly #stack: Breakable;
  readonly #asStarted: readonly ProcessSpec[];
  readonly #server: Server;

  private constructor(stack: Breakable) {
    this.#stack = stack;
    this.#asStarted = stack.processes.running.map(({ spec }) => spec);
    this.#server = createServer(async (request, response) => {
      // The connection is not reused: a later journey must not get one that was closed in the meantime.
      response.setHeader('connection', 'close');
      try {
        const order = (await json(request)) as Order;
        response.end(JSON.stringify((await this.#carryOut(order)) ?? null));
      } catch (error) {
        response.writeHead(500).end((error as Error).message);
      }
    });
    // The server alone must not keep this process alive; the processes of the stack do.
    this.#server.unref();
  }

  /** Serves a running stack; resolves to the URL. */
  static async of(stack: Breakable): Promise<string> {
    const control = new StackControl(stack);
    control.#server.listen(0, '127.0.0.1');
    await once(control.#server, 'listening');
    return `http://127.0.0.1:${(control.#server.address() as AddressInfo).port}`;
  }

  async #carryOut(order: Order): Promise<Started | undefined> {
    switch (order.do) {
      case 'stop':
      case 'crash':
        await this.#running(order.name)[order.do]();
        return undefined;
      case 'signal':
        this.#running(order.name).signal(order.signal);
        return undefined;
      case 'start':
        return this.#start(order.name, order.env);
      case 'startAnother':
        return startedAs(await this.#stack.startAnother(order.name, order.env));
      case 'restore':
        await this.#restore();
        return undefined;
    }
  }

  #running(name: string): LocalProcess {
    const running = this.#stack.processes.running.find(({ spec }) => spec.name === name);
    if (!running) throw new Error(`${name} is not running`);
    return running;
  }

  /** Starts a stopped process with its former port and data, or restarts a running one. */
  async #start(name: string, env: Env = {}): Promise<Started> {
    const spec = this.#asStarted.find((it) => it.name === name);
    if (!spec) throw new Error(`this stack has no ${name}`);
    await this.#stack.processes.running.find((it) => it.spec.name === name)?.stop();
    return startedAs(await this.#stack.processes.start({ ...spec, env: { ...spec.env, ...env } }));
  }

  async #restore(): Promise<void> {
    const { processes } = this.#stack;
    const asBefore = processes.running.filter(({ spec }) => this.#asStarted.includes(spec));
    // A frozen process handles no other signal.
    for (const running of processes.running) running.signal('SIGCONT');
    const others = processes.running.filter((running) => !asBefore.includes(running));
    await Promise.all(others.map((running) => running.stop()));
    const missing = this.#asStarted.filter((spec) => !asBefore.some((running) => running.spec === spec));
    for (const layer of Object.values(Object.groupBy(missing, ({ layer }) => layer))) {
      await Promise.all((layer ?? []).map((spec) => processes.start(spec)));
    }
    await Promise.all(asBefore.map((running) => processes.untilReady(running)));
  }
}

const startedAs = ({ spec, logFile }: LocalProcess): Started => ({ name: spec.name, logFile });
