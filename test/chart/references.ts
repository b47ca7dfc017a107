import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import { type KubeObject, nameOf, podTemplateOf } from './kube-object.ts';

/*
 * What objects name and what there is, in words that can be compared: `Secret/mysql-ca`, and for a key `Secret/mysql-ca ca.crt`.
 */

/** What these objects name and nothing makes, with the object that names it. */
export function missingIn(objects: readonly KubeObject[], made: Iterable<string>): readonly string[] {
  const there = new Set([...made, ...objects.flatMap(madeBy)]);
  return objects.flatMap((object) =>
    namedBy(object)
      .filter((what) => !there.has(what))
      .map((what) => `${nameOf(object)} names ${what}`),
  );
}

const withKeys = (what: string, keys: readonly (string | undefined)[]): readonly string[] => [
  what,
  ...keys.flatMap((key) => (key === undefined ? [] : `${what} ${key}`)),
];

interface Spec {
  readonly authentication?: { readonly type: string };
  readonly target?: { readonly name: string };
  readonly data?: readonly { readonly secretKey: string }[];
  readonly secretStoreRef?: { readonly kind: string; readonly name: string };
  readonly secretTargetRef?: readonly { readonly name: string; readonly key: string }[];
  readonly scaleTargetRef?: { readonly name: string };
  readonly triggers?: readonly { readonly authenticationRef?: { readonly name: string } }[];
  readonly tls?: readonly { readonly secretName?: string }[];
  readonly secretRef?: { readonly name: string };
  readonly chart?: { readonly spec: { readonly sourceRef: { readonly kind: string; readonly name: string } } };
  readonly valuesFrom?: readonly { readonly kind: string; readonly name: string; readonly valuesKey?: string }[];
  readonly destination?: { readonly namespace: string };
}

const specOf = ({ spec = {} }: KubeObject): Spec => spec as Spec;

/** An object itself, and what its operator makes of it. */
function madeBy(object: KubeObject): readonly string[] {
  const { kind, metadata } = object;
  const spec = specOf(object);
  const holds = ['ConfigMap', 'Secret'].includes(kind) ? Object.keys((object.data as object | undefined) ?? {}) : [];
  const itself = withKeys(nameOf(object), holds);
  if (kind === 'KafkaUser') {
    const keys = spec.authentication?.type === 'tls' ? ['user.crt', 'user.key'] : ['password'];
    return [...itself, ...withKeys(`Secret/${metadata.name}`, keys)];
  }
  if (kind === 'ExternalSecret') {
    const keys = spec.data?.map(({ secretKey }) => secretKey) ?? [];
    return [...itself, ...withKeys(`Secret/${spec.target?.name}`, keys)];
  }
  return itself;
}

function namedBy(object: KubeObject): readonly string[] {
  const { kind, metadata } = object;
  const spec = specOf(object);
  const { secretStoreRef: store, chart } = spec;
  const template = podTemplateOf(object);
  const cluster = kind.startsWith('Kafka') ? metadata.labels?.['strimzi.io/cluster'] : undefined;
  return [
    ...(template ? namedByPod(template.spec) : []),
    ...named('Namespace', [metadata.namespace, kind === 'Application' ? spec.destination?.namespace : undefined]),
    ...named('Kafka', [cluster]),
    ...(kind === 'ExternalSecret' ? named(store?.kind ?? '', [store?.name]) : []),
    ...(spec.secretTargetRef ?? []).flatMap(({ name, key }) => withKeys(`Secret/${name}`, [key])),
    ...(kind === 'ScaledObject' ? named('Deployment', [spec.scaleTargetRef?.name]) : []),
    ...named('TriggerAuthentication', spec.triggers?.map(({ authenticationRef }) => authenticationRef?.name) ?? []),
    ...(kind === 'Ingress' ? named('Secret', spec.tls?.map(({ secretName }) => secretName) ?? []) : []),
    ...named('Secret', [spec.secretRef?.name]),
    ...(kind === 'HelmRelease' && chart ? named(chart.spec.sourceRef.kind, [chart.spec.sourceRef.name]) : []),
    ...(spec.valuesFrom ?? []).flatMap((from) =>
      withKeys(`${from.kind}/${from.name}`, [from.valuesKey ?? 'values.yaml']),
    ),
  ];
}

const named = (kind: string, names: readonly (string | undefined)[]): readonly string[] =>
  names.flatMap((name) => (name ? `${kind}/${name}` : []));

function namedByPod(spec: IPodSpec): readonly string[] {
  const { volumes = [], imagePullSecrets = [], serviceAccountName, initContainers = [], containers } = spec;
  const sources = volumes.flatMap((volume) => [
    { secret: { ...volume.secret, name: volume.secret?.secretName }, configMap: volume.configMap },
    ...(volume.projected?.sources ?? []),
  ]);
  const files = sources.flatMap(({ secret, configMap }) => [
    ...(secret?.name && !secret.optional ? withKeys(`Secret/${secret.name}`, keysOf(secret)) : []),
    ...(configMap?.name && !configMap.optional ? withKeys(`ConfigMap/${configMap.name}`, keysOf(configMap)) : []),
  ]);
  return [
    ...files,
    ...named(
      'Secret',
      imagePullSecrets.map(({ name }) => name),
    ),
    ...named('ServiceAccount', [serviceAccountName]),
    ...[...initContainers, ...containers].flatMap(namedByContainer),
  ];
}

const keysOf = ({ items = [] }: { readonly items?: readonly { readonly key: string }[] }) =>
  items.map(({ key }) => key);

function namedByContainer({ env = [], envFrom = [] }: IContainer): readonly string[] {
  const variables = env.flatMap(({ name, value, valueFrom }) => [
    ...(valueFrom?.secretKeyRef ? withKeys(`Secret/${valueFrom.secretKeyRef.name}`, [valueFrom.secretKeyRef.key]) : []),
    ...(valueFrom?.configMapKeyRef
      ? withKeys(`ConfigMap/${valueFrom.configMapKeyRef.name}`, [valueFrom.configMapKeyRef.key])
      : []),
    ...(name.endsWith('KAFKA_SASL_USERNAME') ? named('KafkaUser', [value]) : []),
    ...(name === 'DATABASE_SERVICE_USER' ? named('database user', [value]) : []),
  ]);
  return [
    ...variables,
    ...envFrom.flatMap(({ secretRef, configMapRef }) => [
      ...named('Secret', [secretRef?.name]),
      ...named('ConfigMap', [configMapRef?.name]),
    ]),
  ];
}

/** What a page tells its reader to create, with kubectl or in SQL, and the Kafka of which it says that it is there. */
export function madeByReader(page: string): readonly string[] {
  const commands = page.replaceAll(/\\\n\s*/g, ' ').split('\n');
  const objects = commands.flatMap((command) => {
    const [, kind, name = ''] = /\bcreate (namespace|secret generic|secret tls|configmap) ([\w-]+)/.exec(command) ?? [];
    const keys = [...command.matchAll(/--from-(?:literal|file)=(\S+)/g)].map(([, pair = '']) => keyOf(pair));
    return kind ? withKeys(`${kinds[kind]}/${name}`, keys) : [];
  });
  const clusters = [...page.matchAll(/`?Kafka`? called `([\w-]+)`/g)].flatMap(([, name]) => [
    `Kafka/${name}`,
    ...withKeys(`Secret/${name}-cluster-ca-cert`, ['ca.crt']),
  ]);
  const users = [...page.matchAll(/CREATE USER IF NOT EXISTS '(\w+)'/g)].map(([, user]) => `database user/${user}`);
  return [...objects, ...clusters, ...users];
}

const kinds: Readonly<Record<string, string>> = {
  namespace: 'Namespace',
  'secret generic': 'Secret',
  'secret tls': 'Secret',
  configmap: 'ConfigMap',
};

/** `key=value`, `key=path`, or a path whose last part is the key. */
const keyOf = (pair: string): string | undefined => (pair.includes('=') ? pair.split('=')[0] : pair.split('/').at(-1));
