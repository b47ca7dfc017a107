import { duration } from '@pagebridge/trace';
import type { ChosenKafka } from '../contexts/chosen-context.ts';
import { fromFile } from '../output/from-file.ts';
import { type Answer, ask } from './ask.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const skewMs = 2000;

/** The addresses that a file names, such as the stack.json of npm start; nothing else of it is used. */
export interface Addresses {
  readonly management: Readonly<Record<string, string>>;
  readonly access?: { readonly issuer?: string };
  /** The hosts of data centers that are not in the catalogue. */
  readonly destinations: readonly {
    readonly dataCenter: string;
    readonly apiUrl: string;
    readonly pagingUrl: string;
  }[];
}

/** Reads the file that `--services` names; without it that of the running stack, if its Kafka is used. */
export const addressesIn = (file: string | undefined, stack: ChosenKafka['stack']): Addresses => ({
  ...{ management: {}, destinations: [] },
  ...(file === undefined
    ? stack
    : fromFile('--services', file === '-' ? '/dev/stdin' : file, (text) => addressesOf(JSON.parse(text)))),
});

/** The output of `kubectl get pods -o json`, as far as it is used. */
interface PodList {
  readonly kind: 'List';
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly containers: readonly { readonly ports?: readonly { name?: string; containerPort: number }[] }[];
    };
    readonly status: { readonly podIP?: string };
  }[];
}

/** Returns the management ports of pods by the name of the pod; any other file as it is. */
export function addressesOf(content: Partial<Addresses> | PodList): Partial<Addresses> {
  if (!('items' in content)) return content;
  const ports = content.items.flatMap(({ metadata, spec, status: { podIP = 'pending' } }) =>
    spec.containers
      .flatMap(({ ports = [] }) => ports)
      .filter(({ name }) => name === 'management')
      .map(({ containerPort }) => [
        metadata.name,
        `http://${podIP.includes(':') ? `[${podIP}]` : podIP}:${containerPort}`,
      ]),
  );
  return { management: Object.fromEntries(ports) };
}

/** A service as its management port shows it. */
export interface Service {
  readonly name: string;
  readonly health: Answer;
  readonly metrics: Answer;
}

export const askServices = ({ management }: Addresses): Promise<Service[]> =>
  Promise.all(
    Object.entries(management).map(async ([name, url]): Promise<Service> => {
      const [health, metrics] = await Promise.all([ask(`${url}/health/ready`), ask(`${url}/metrics`)]);
      return { name, health, metrics };
    }),
  );

/** Findings about a service: whether it is ready, its database, its clock, and the keys that it lacks. */
export function checkService({ name, health, metrics }: Service): Finding[] {
  const cure = 'docs/runbooks/alerts.md#pagebridgenotready';
  if (health.status === undefined)
    return [fault(name, health.error, 'start the service, or correct its address in --services')];
  const checks = Object.entries(checksIn(health.body));
  const failing = checks.filter(([, { ok }]) => !ok).map(([check, { detail = 'not ready' }]) => `${check}: ${detail}`);
  // Anything may answer 200, as a proxy does.
  const isReady = health.status === 200 && checks.length > 0 && failing.length === 0;
  const database = checks.some(([check]) => check === 'database') ? ', and its database' : '';
  return [
    isReady
      ? ok(name, `ready${database}`)
      : fault(name, failing.join('; ') || `responded with ${health.status} and no checks`, cure),
    ...clockOf(name, health),
    ...unheldKeys(name, metrics),
  ];
}

function checksIn(body: string): Record<string, { ok?: boolean; detail?: string }> {
  try {
    return Object((JSON.parse(body) as { checks?: object } | null)?.checks);
  } catch {
    return {};
  }
}

function clockOf(name: string, { date, askedAt, answeredAt }: Answer): Finding[] {
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  // The header has whole seconds, so the clock may show up to one more.
  const skew = Math.max(askedAt - (theirs + 1000), theirs - answeredAt);
  if (Number.isNaN(theirs) || skew < skewMs) return [];
  return [
    warning(
      `clock of ${name}`,
      `differs by ${duration(skew)} from the clock of this machine`,
      'synchronize the clocks (NTP)',
    ),
  ];
}

function unheldKeys(name: string, { status, body, error }: Answer): Finding[] {
  if (status !== 200)
    return [
      warning(
        `metrics of ${name}`,
        error || `/metrics responded with ${status}`,
        'check its management port: the sealing keys are unknown',
      ),
    ];
  const count = /^pagebridge_credentials_of_unheld_keys(?:\{[^}]*\})? (\d+)/m.exec(body)?.[1];
  if (count === undefined) return [];
  if (count === '0') return [ok(`sealing keys of ${name}`, 'all required keys are loaded')];
  const detail = `${count} credentials are sealed for keys that the service does not have: their pages wait`;
  return [fault(`sealing keys of ${name}`, detail, 'docs/runbooks/alerts.md#pagebridgesealingkeymissing')];
}
