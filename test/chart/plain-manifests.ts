import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IContainer } from 'kubernetes-models/v1/Container';
import { stringify } from 'yaml';
import { type KubeObject, nameOf, podTemplateOf } from './kube-object.ts';
import { kustomize, namespace, renderChart } from './render.ts';

/*
 * The manifests of deploy/kustomize are what the chart renders with the values of deploy/kustomize/chart-values, without what
 * is Helm's. So nothing is said twice; only the kustomization.yaml of each folder, and overlays, are written by hand.
 */

const valuesOf = (part: string): string => join(kustomize, 'chart-values', `${part}.yaml`);

/** The parts that an overlay may add to the base. */
export const components: readonly string[] = globSync('*.yaml', { cwd: join(kustomize, 'chart-values') })
  .map((file) => basename(file, '.yaml'))
  .filter((part) => part !== 'base')
  .toSorted();

const rendered = new Map<string, readonly KubeObject[]>();

/** What the chart renders with the values of these parts beside those of the base, as plain manifests. */
export function plainObjects(...parts: readonly string[]): readonly KubeObject[] {
  const key = parts.join();
  const objects =
    rendered.get(key) ??
    renderChart(...['base', ...parts].map(valuesOf))
      .filter(isPlain)
      .map(plain);
  rendered.set(key, objects);
  return objects;
}

/** Whom services may call depends on an installation, so they have no network policies; these call but services or Kafka, and issuers. */
const withPolicy: readonly (string | undefined)[] = ['console-gateway', 'alert-intake'];
const isPlain = ({ kind, metadata }: KubeObject): boolean =>
  kind !== 'NetworkPolicy' || withPolicy.includes(metadata.labels?.['app.kubernetes.io/component']);

/** The files that are made from the chart, by their path in deploy/kustomize. */
export function plainManifests(): ReadonlyMap<string, string> {
  const base = plainObjects();
  const names = new Set(base.map(nameOf));
  const added = (component: string) => plainObjects(component).filter((object) => !names.has(nameOf(object)));
  return new Map([
    ...filesOf(base, ({ metadata }) => `base/${metadata.labels?.['app.kubernetes.io/component']}`),
    ...components.flatMap((part) => filesOf(added(part), ({ kind }) => `components/${part}/${pluralOf(kind)}`)),
    ...components.flatMap(rulesOf),
  ]);
}

/** The alerts that a component adds to those of the component `monitoring`, as a patch. */
function rulesOf(part: string): [string, string][] {
  const groupsOf = (objects: readonly KubeObject[]) =>
    objects.filter(({ kind }) => kind === 'PrometheusRule').flatMap(({ spec }) => (spec as Rules).groups);
  const known = new Set(groupsOf(plainObjects('monitoring')).map(({ name }) => name));
  const groups = groupsOf(plainObjects('monitoring', part)).filter(({ name }) => !known.has(name));
  if (groups.length === 0) return [];
  const patch = groups.map((value) => ({ op: 'add', path: '/spec/groups/-', value }));
  return [[`components/${part}/rules.yaml`, `${generated}${yamlOf(patch)}`]];
}

/** As `kubectl get` lists them. */
const pluralOf = (kind: string): string => `${kind.toLowerCase().replace(/s$/, 'se').replace(/y$/, 'ie')}s`;

const filesOf = (objects: readonly KubeObject[], pathOf: (object: KubeObject) => string): [string, string][] =>
  Object.entries(Object.groupBy(objects, pathOf)).map(([path, together = []]) => [`${path}.yaml`, textOf(together)]);

const generated = '# Generated from the chart by `npm run generate`: change it in an overlay.\n';
const textOf = (objects: readonly KubeObject[]): string => `${generated}${objects.map(yamlOf).join('---\n')}`;
const yamlOf = (value: unknown): string =>
  stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });

/** Settings that differ from one installation to the other, and not from service to service. */
const settings: readonly string[] = [
  'KAFKA_BROKERS',
  'LOG_LEVEL',
  'ACCESS_TOKENS',
  'PUBLIC_URL',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
];

function plain(object: KubeObject): KubeObject {
  const copy = structuredClone(object) as KubeObject & { metadata: { name: string; namespace?: string } };
  const template = podTemplateOf(copy);
  delete copy.metadata.namespace;
  for (const labels of [copy.metadata.labels, template?.metadata.labels]) removeHelms(labels);
  template?.spec.containers.forEach(takeSettings);
  if (copy.kind === 'Job') takeJob(copy.metadata);
  if (copy.metadata.annotations) takeAnnotations(copy.metadata.annotations);
  if (copy.kind === 'ScaledObject') takeScale(copy.spec as Scale);
  if (copy.kind === 'PrometheusRule') takeRules(copy.spec as Rules);
  return copy;
}

/** Helm gives a Job a name of its own for each content, which an overlay may change. */
function takeJob(metadata: { name: string; annotations?: Readonly<Record<string, string>> }): void {
  metadata.name = metadata.name.replace(/-[0-9a-f]{8}$/, '');
  metadata.annotations = { ...metadata.annotations, ...madeAnew };
}

/** What Helm keeps when the chart goes, Flux does not prune. */
function takeAnnotations(annotations: Record<string, string>): void {
  if (annotations['helm.sh/resource-policy'] === 'keep') annotations['kustomize.toolkit.fluxcd.io/prune'] = 'disabled';
  removeHelms(annotations);
}

/** Nothing in a Job can be changed: so Argo CD and Flux delete it and make it again. */
const madeAnew = {
  'argocd.argoproj.io/sync-options': 'Force=true,Replace=true',
  'kustomize.toolkit.fluxcd.io/force': 'enabled',
};

function removeHelms(words: Record<string, string> = {}): void {
  for (const word of Object.keys(words)) {
    if (word.startsWith('helm.sh/') || word === 'app.kubernetes.io/managed-by') delete words[word];
  }
}

function takeSettings(container: IContainer): void {
  container.env = (container.env ?? []).map(({ name, ...variable }) =>
    settings.includes(name)
      ? { name, valueFrom: { configMapKeyRef: { name: 'pagebridge-settings', key: name } } }
      : { name, ...variable },
  );
}

interface Scale {
  readonly triggers: readonly { readonly metadata: Record<string, string> }[];
}

/** KEDA looks at the variables of what it scales. */
function takeScale({ triggers }: Scale): void {
  for (const { metadata } of triggers) {
    delete metadata.bootstrapServers;
    metadata.bootstrapServersFromEnv = 'KAFKA_BROKERS';
  }
}

interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly { expr: string }[] }[];
}

/** In an expression, components/monitoring replaces this by the namespace of the overlay. */
export const ofOverlay = '$(PAGEBRIDGE_NAMESPACE)';

function takeRules({ groups }: Rules): void {
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    rule.expr = rule.expr.replaceAll(`namespace="${namespace}"`, `namespace="${ofOverlay}"`);
  }
}
