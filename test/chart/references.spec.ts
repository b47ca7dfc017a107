import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '@pagebridge/local-stack/base';
import { stringify } from 'yaml';
import { type KubeObject, objectsIn, podTemplateOf } from './kube-object.ts';
import { madeByReader, missingIn } from './references.ts';
import { overlays, renderKustomization, renderWith } from './render.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const guide = read('docs/deploy-on-kubernetes.md');
const users = read('docs/how-to/database-users.md');
const made = madeByReader(`${guide}\n${users}`);
/** Every cluster has it, and Argo CD its own namespace. */
const given = ['ServiceAccount/default', 'Namespace/argocd'];

const [valuesOfGuide = '', ...additions] = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => String(block));
const rendered = renderWith(valuesOfGuide, ...additions);
const argo = objectsIn(read('deploy/examples/argo-cd/application.yaml'));
const flux = objectsIn(read('deploy/examples/flux/helm-release.yaml'));

interface Release {
  readonly source?: { readonly path: string; readonly helm: { readonly valuesObject: unknown } };
  readonly chart?: { readonly spec: { readonly chart: string } };
  readonly values?: unknown;
}
const releaseIn = (objects: readonly KubeObject[]): Release =>
  objects.map(({ spec }) => spec as Release).find(({ source, values }) => source?.helm ?? values) ?? {};

/** The variables of the migration. */
const migrationIn = (objects: readonly KubeObject[]) => {
  const containers = objects.flatMap((object) => podTemplateOf(object)?.spec.containers ?? []);
  const { env = [] } = containers.find(({ args }) => args?.[0] === 'migrations') ?? {};
  return Object.fromEntries(env.map(({ name, value = '' }) => [name, value]));
};

const examples: readonly (readonly [what: string, objects: readonly KubeObject[]])[] = [
  ['the guide', rendered],
  ['the example for Argo CD', [...argo, ...renderWith(stringify(releaseIn(argo).source?.helm.valuesObject))]],
  ['the example for Flux', [...flux, ...renderWith(stringify(releaseIn(flux).values))]],
  ...['dead-letters', 'inspect', 'reseal'].map(
    (name) =>
      [`the program ${name}`, [...rendered, ...objectsIn(read(`deploy/examples/programs/${name}.yaml`))]] as const,
  ),
];

describe.each(examples)('%s', (_, objects) => {
  it('names nothing that is not there: no Secret, ConfigMap, key, user or namespace', () => {
    expect(missingIn(objects, [...made, ...given])).toEqual([]);
  });

  it('migrates as a user of its own, who grants the service its rights', () => {
    const [, database = ''] = guide.split('\n## 3. The database\n');
    const [section = ''] = database.split('\n## ');
    const urls = new Map(
      [...section.matchAll(/--from-literal=([\w-]+)='(mysql:[^']+)'/g)].map(([, k, url]) => [k, url]),
    );
    const userOf = (key = '') => new URL(urls.get(key) ?? '').username;
    const { DATABASE_URL_FILE, DATABASE_SERVICE_USER } = migrationIn(objects);
    expect(users).toContain(
      `GRANT ALL PRIVILEGES ON pagebridge.* TO '${userOf(basename(DATABASE_URL_FILE ?? ''))}'@'%' WITH GRANT OPTION`,
    );
    expect(DATABASE_SERVICE_USER).toBe(userOf('url'));
  });
});

describe.each(overlays.map((folder) => [basename(folder), folder] as const))('the overlay %s', (_, folder) => {
  const readme = read('deploy/kustomize/README.md');
  const rows = [...readme.matchAll(/^\| (`[^|]+) \| ([^|]+) \|/gm)].map((row) =>
    row.slice(1).map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)),
  );
  const secrets = rows.flatMap(([names = [], keys = []]) =>
    names.flatMap((name) => [`Secret/${name}`, ...keys.map((key) => `Secret/${name} ${key}`)]),
  );

  it('names nothing that it does not have, and that its README does not ask for', () => {
    const objects = renderKustomization(folder);
    const asked = [...secrets, 'Kafka/kafka', 'SecretStore/pagebridge', `Namespace/${objects[0]?.metadata.namespace}`];
    expect(missingIn(objects, [...asked, ...made.filter((what) => what.startsWith('database user'))])).toEqual([]);
    expect(readme).toContain('SecretStore called `pagebridge`');
  });
});

describe('the examples for Argo CD and Flux', () => {
  it('install this chart with the values of the guide', () => {
    const [values] = objectsIn(valuesOfGuide);
    expect(releaseIn(argo).source?.helm.valuesObject).toEqual(values);
    expect(releaseIn(flux).values).toEqual(values);
    for (const path of [releaseIn(argo).source?.path, releaseIn(flux).chart?.spec.chart]) {
      expect(existsSync(join(root, path ?? '', 'Chart.yaml'))).toBe(true);
    }
  });
});

describe('the guide', () => {
  it('has its reader create nothing that nothing uses', () => {
    const [objects] = examples.map(([, each]) => JSON.stringify(each));
    const names = made.filter((what) => /^(Secret|ConfigMap)\/\S+$/.test(what)).map((what) => what.split('/')[1]);
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !objects?.includes(`"${name}"`))).toEqual([]);
  });
});

describe('the resolver of references', () => {
  const pod = (spec: string): KubeObject[] => [
    ...objectsIn(`{ apiVersion: v1, kind: Pod, metadata: { name: a }, spec: ${spec} }`),
  ];
  const object = (kind: string, spec: string): KubeObject[] => [
    ...objectsIn(`{ apiVersion: v1, kind: ${kind}, metadata: { name: a }, spec: ${spec} }`),
  ];

  it.each([
    [
      'Secret/s k',
      pod('{ volumes: [{ name: v, secret: { secretName: s, items: [{ key: k, path: p }] } }], containers: [] }'),
    ],
    ['ConfigMap/c', pod('{ volumes: [{ name: v, configMap: { name: c } }], containers: [] }')],
    ['Secret/s', pod('{ volumes: [{ name: v, projected: { sources: [{ secret: { name: s } }] } }], containers: [] }')],
    ['Secret/s k', pod('{ containers: [{ env: [{ name: A, valueFrom: { secretKeyRef: { name: s, key: k } } }] }] }')],
    [
      'ConfigMap/c k',
      pod(
        '{ initContainers: [{ env: [{ name: A, valueFrom: { configMapKeyRef: { name: c, key: k } } }] }], containers: [] }',
      ),
    ],
    ['Secret/s', pod('{ containers: [{ envFrom: [{ secretRef: { name: s } }] }] }')],
    ['Secret/registry', pod('{ imagePullSecrets: [{ name: registry }], containers: [] }')],
    ['ServiceAccount/b', pod('{ serviceAccountName: b, containers: [] }')],
    ['KafkaUser/u', pod('{ containers: [{ env: [{ name: KAFKA_SASL_USERNAME, value: u }] }] }')],
    ['database user/u', pod('{ containers: [{ env: [{ name: DATABASE_SERVICE_USER, value: u }] }] }')],
    ['GitRepository/g', object('HelmRelease', '{ chart: { spec: { sourceRef: { kind: GitRepository, name: g } } } }')],
    ['Secret/s values.yaml', object('HelmRelease', '{ valuesFrom: [{ kind: Secret, name: s }] }')],
    [
      'SecretStore/s',
      object('ExternalSecret', '{ secretStoreRef: { kind: SecretStore, name: s }, target: { name: t } }'),
    ],
    ['Secret/s k', object('TriggerAuthentication', '{ secretTargetRef: [{ parameter: p, name: s, key: k }] }')],
    ['Secret/s', object('Ingress', '{ tls: [{ secretName: s }] }')],
  ])('says that %s is missing', (what, objects) => {
    expect(missingIn(objects, [])).toContain(`${objects[0]?.kind}/a names ${what}`);
  });

  it('takes what the page has its reader create, with its keys, and no more', () => {
    const page =
      'kubectl -n paging create secret generic s \\\n  --from-literal=url=mysql://… --from-file=ca.crt=my.pem --from-file=a/b.json';
    expect(madeByReader(page)).toEqual(['Secret/s', 'Secret/s url', 'Secret/s ca.crt', 'Secret/s b.json']);
    expect(missingIn(rendered, [...madeByReader(users), ...given])).toContain(
      'Job/pagebridge-migrations names Secret/pagebridge-database migration-url',
    );
  });
});
