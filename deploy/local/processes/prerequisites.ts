import { javaMajor, javaPath, pathOf } from './executables.ts';

/** The programs of the machine; passed to `missingFrom`, so that the rule can be tested without a machine. */
export interface Machine {
  readonly nodeVersion: string;
  readonly javaMajor: number;
  readonly has: (program: string) => boolean;
}

export interface Wanted {
  readonly kafka: boolean;
  readonly mariadb: boolean;
}

const minimum = { node: [22, 22], java: 17 } as const;

/** Returns a line for each missing program, with its cure; empty if nothing is missing. */
export function missingFrom(machine: Machine, wanted: Wanted): string[] {
  const [major = 0, minor = 0] = machine.nodeVersion.replace('v', '').split('.').map(Number);
  const [wantedMajor, wantedMinor] = minimum.node;
  const missing: string[] = [];
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    const cure = 'run npm ci to install it, then use npm run … or node_modules/.bin/node';
    missing.push(`Node ${wantedMajor}.${wantedMinor} or newer (this is ${machine.nodeVersion}): ${cure}`);
  }
  if (wanted.kafka && machine.javaMajor < minimum.java) {
    const found = machine.javaMajor > 0 ? ` (found ${machine.javaMajor})` : '';
    const cure = 'apt-get install openjdk-17-jre-headless, or brew install openjdk@17';
    missing.push(`Java ${minimum.java} or newer${found}, to run Kafka: ${cure}; or set KAFKA_BROKERS`);
  }
  if (wanted.kafka && !machine.has('mvn')) {
    missing.push('Maven, to fetch Kafka: apt-get install maven, or brew install maven; or set KAFKA_BROKERS');
  }
  if (wanted.mariadb && !(machine.has('mariadbd') && machine.has('mariadb-install-db'))) {
    missing.push('MariaDB (mariadbd): apt-get install mariadb-server, or brew install mariadb; or set DATABASE_URL');
  }
  return missing;
}

/** Throws one message that names everything that is missing on this machine. */
export function requirePrerequisites(wanted: Wanted): void {
  const java = wanted.kafka ? javaPath() : undefined;
  const machine: Machine = {
    nodeVersion: process.version,
    javaMajor: java ? javaMajor(java) : 0,
    has: (program) => pathOf(program) !== undefined,
  };
  const missing = missingFrom(machine, wanted);
  if (missing.length > 0) {
    throw new Error(['the local stack requires programs that are not installed:', ...missing].join('\n  - '));
  }
}
