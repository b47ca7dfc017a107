import type { DataCenter } from '@pagebridge/vocabulary';
import type { SandboxConfig } from './config.ts';
import { Destination, type DestinationView } from './destination.ts';
import type { Dependencies } from './domain/dependencies.ts';
import { controlApp } from './inbound/control/control-app.ts';
import { listen } from './inbound/listener.ts';
import { Orgs } from './orgs.ts';

/** The line that is printed once all servers listen; it contains no key, because it may be logged. */
export interface SandboxView {
  readonly ready: true;
  readonly controlUrl: string;
  readonly orgs: readonly DestinationView[];
  readonly dataCenters: readonly DataCenter[];
}

export interface Sandbox {
  view(): SandboxView;
  stop(): Promise<void>;
}

/** Starts every org of the configuration and the control API; rejects and closes all servers if a port is taken. */
export async function startSandbox(config: SandboxConfig, dependencies: Dependencies): Promise<Sandbox> {
  const { host, controlPort, certificate } = config;
  const orgs = new Orgs((org) => Destination.start(org, dependencies, { host, certificate }, control.url));
  const control = await listen(controlApp(orgs), { host, port: controlPort });
  const stop = async () => {
    await Promise.all([control.stop(), orgs.stop()]);
  };
  try {
    for (const org of config.orgs) await orgs.start(org);
  } catch (error) {
    await stop();
    throw error;
  }
  return { view: () => viewOf(control.url, orgs.all()), stop };
}

const viewOf = (controlUrl: string, destinations: readonly Destination[]): SandboxView => ({
  ready: true,
  controlUrl,
  orgs: destinations.map((destination) => destination.view()),
  dataCenters: destinations.map((destination) => destination.dataCenter()),
});
