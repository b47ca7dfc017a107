import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '@pagebridge/local-stack/base';
import { type KubeObject, objectsIn } from './kube-object.ts';
import { helm, kubectl, type Said } from './kube-tools.ts';

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
