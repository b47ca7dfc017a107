import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parsePolicy } from '@pagebridge/access';
import { localFolder } from '@pagebridge/local-stack/base';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import { stringify } from 'yaml';
import { type KubeObject, nameOf, podTemplateOf } from './kube-object.ts';
import { components, ofOverlay, plainManifests, plainObjects } from './plain-manifests.ts';
import { kustomize, namespace, overlays, renderChart, renderKustomization, valuesFiles } from './render.ts';

const handWritten = (path: string) => ['kustomization.yaml', 'references.yaml'].includes(basename(path));

describe('the manifests of kustomize', () => {
  it.each([...plainManifests()])(
    'include deploy/kustomize/%s as the chart renders it; if not, run `npm run generate`',
    (path, content) => {
      expect(readFileSync(join(kustomize, path), 'utf8')).toBe(content);
    },
  );

  it('include no file that the chart does not render; if so, delete it', () => {
    const files = globSync('{base,components/*}/*.yaml', { cwd: kustomize }).filter((path) => !handWritten(path));
    expect(files.toSorted()).toEqual([...plainManifests().keys()].toSorted());
  });

  const together = ['monitoring', 'alert-intake', 'page-history'];
  it.each([[], ...components.map((component) => [component]), together])(
    'render with kustomize as with Helm: base %s',
    (...parts) => {
      const used = parts.filter((part) => part !== undefined);
      expect(byName(rendered(used))).toEqual(byName(plainObjects(...used)));
    },
  );
});

/** The base with these components, without the ConfigMaps that stand in for values of the chart. */
function rendered(parts: readonly string[]): readonly KubeObject[] {
  mkdirSync(localFolder, { recursive: true });
  const folder = mkdtempSync(join(localFolder, 'kustomization-'));
  const from = (path: string) => relative(folder, join(kustomize, path));
  const added = parts.map((part) => from(`components/${part}`));
  const kustomization = { namespace, resources: [from('base')], components: added };
  try {
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
    const text = JSON.stringify(renderKustomization(folder))
      .replaceAll(/(pagebridge-settings)-\w{10}/g, '$1')
      .replaceAll(`,"namespace":"${namespace}"`, '')
      .replaceAll(`namespace=\\"${namespace}\\"`, () => `namespace=\\"${ofOverlay}\\"`);
    return (JSON.parse(text) as KubeObject[]).filter(({ kind }) => kind !== 'ConfigMap');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const byName = (objects: readonly KubeObject[]) =>
  Object.fromEntries(objects.map((object) => [nameOf(object), object]));

/** What a service is to Kubernetes, whoever rendered it: not how much of it there is, and not for whom. */
const servicesOf = (objects: readonly KubeObject[]) =>
  objects
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap((object) => podTemplateOf(object)?.spec.containers ?? [])
    .map(({ name, image = '', args, env = [], ports, startupProbe, readinessProbe, livenessProbe }) => ({
      name,
      image: image.split('/').at(-1),
      args,
      env: env.map((variable) => variable.name).toSorted(),
      ports,
      probes: { startupProbe, readinessProbe, livenessProbe },
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name));

/** The components that bring a service, and which. */
const serviceOf: Readonly<Record<string, string>> = {
  ...{ console: 'console-gateway', 'alert-intake': 'alert-intake', 'page-history': 'page-history' },
};

describe.each(overlays.map((folder) => [basename(folder), folder] as const))('the overlay %s', (_, folder) => {
  const objects = renderKustomization(folder);
  const names = new Set(objects.map(({ metadata }) => metadata.name));
  const added = Object.keys(serviceOf).filter((part) => names.has(`pagebridge-${serviceOf[part]}`));
  const chart = renderChart(
    ...valuesFiles.filter((file) => basename(file) === 'minimal-values.yaml'),
    ...added.map((part) => join(kustomize, `chart-values/${part}.yaml`)),
  );

  it('runs the services that the chart runs', () => {
    const ofChart = servicesOf(chart);
    expect(ofChart).toHaveLength(4 + added.length);
    // The chart's file names no CAs of its own.
    const withCas = ofChart.map(({ env, ...service }) => ({
      ...service,
      env: [...new Set(env.flatMap((name) => (/_TLS$/.test(name) ? [name, `${name}_CA_FILE`] : [name])))].toSorted(),
    }));
    expect(servicesOf(objects)).toEqual(withCas);
  });

  it('puts everything into one namespace, also what it asks of Prometheus, and says one version of all', () => {
    const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace));
    expect(namespaces.size).toBe(1);
    expect(new Set(objects.map(({ metadata }) => metadata.labels?.['app.kubernetes.io/version'])).size).toBe(1);
    const asked = [...JSON.stringify(objects).matchAll(/namespace=\\"([^"]*)\\"/g)].map(([, asked]) => asked);
    expect(asked.filter((namespace) => !namespaces.has(namespace))).toEqual([]);
  });

  it('has the ConfigMaps that it names, with a policy that Pagebridge reads', () => {
    const maps = objects.filter(({ kind }) => kind === 'ConfigMap');
    const named = objects.flatMap((object) => configMapsOf(podTemplateOf(object)?.spec));
    expect(new Set(named)).toEqual(new Set(maps.map(({ metadata }) => metadata.name)));
    const { data } = maps.find(({ metadata }) => metadata.name === 'pagebridge-access') as unknown as {
      data: Record<string, string>;
    };
    expect(parsePolicy(data['policy.yaml'] ?? '').issuers.size).toBe(1);
  });
});

const configMapsOf = ({ volumes = [], containers }: IPodSpec = { containers: [] }) =>
  [
    ...volumes.map(({ configMap }) => configMap?.name),
    ...containers.flatMap(({ env = [] }) => env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name)),
  ].filter((name) => name !== undefined);
