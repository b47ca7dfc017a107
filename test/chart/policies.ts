import { services } from '@pagebridge/contracts';
import { programs } from '@pagebridge/image';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import { type KubeObject, nameOf, type PodTemplate, podTemplateOf } from './kube-object.ts';

/** What is rendered breaks none of these: each says what is wrong with an object, or with one among the others. */
export function offencesOf(objects: readonly KubeObject[]): readonly string[] {
  return objects.flatMap((object) =>
    [...ofObject(object), ...ofPods(object), ...ofDeployment(object, objects), ...ofService(object, objects)].map(
      (offence) => `${nameOf(object)}: ${offence}`,
    ),
  );
}

/** Those for which the condition holds. */
const said = (...offences: readonly (readonly [offends: boolean, what: string])[]): readonly string[] =>
  offences.filter(([offends]) => offends).map(([, what]) => what);

const identity = ['name', 'instance', 'component'].map((part) => `app.kubernetes.io/${part}`);
const labels = [...identity, 'app.kubernetes.io/part-of', 'app.kubernetes.io/version'];

const ofObject = ({ metadata }: KubeObject) =>
  labels.filter((label) => !metadata.labels?.[label]).map((label) => `has no label ${label}`);

function ofPods(object: KubeObject): readonly string[] {
  const template = podTemplateOf(object);
  if (template === undefined) return [];
  const { spec } = template;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  return [
    ...said(
      [spec.automountServiceAccountToken !== false, 'mounts the token of its service account'],
      [Boolean(spec.hostNetwork || spec.hostPID || spec.hostIPC), 'shares a namespace of its host'],
      [
        spec.volumes?.some((volume) => !volumeKinds.some((kind) => kind in volume)) ?? false,
        'has a volume that the restricted profile lacks',
      ],
    ),
    ...containers.flatMap((container) => [
      ...ofSecurity(container, spec),
      ...ofContainer(container),
      ...ofFiles(container, spec),
    ]),
  ];
}

const volumeKinds = ['configMap', 'downwardAPI', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret'];

/** The restricted profile of the pod security standards. */
function ofSecurity({ securityContext: own = {}, ports }: IContainer, { securityContext: pod = {} }: IPodSpec) {
  const profile = own.seccompProfile ?? pod.seccompProfile;
  return said(
    [(own.runAsNonRoot ?? pod.runAsNonRoot) !== true, 'may run as root'],
    [(own.runAsUser ?? pod.runAsUser) === 0, 'runs as root'],
    [own.privileged === true || own.allowPrivilegeEscalation !== false, 'may gain privileges'],
    [!own.capabilities?.drop?.includes('ALL') || Boolean(own.capabilities.add), 'has capabilities'],
    [!['RuntimeDefault', 'Localhost'].includes(profile?.type ?? ''), 'is not confined by seccomp'],
    [own.readOnlyRootFilesystem !== true, 'may write to its root file system'],
    [ports?.some(({ hostPort }) => hostPort) ?? false, 'takes a port of its host'],
  );
}

function ofContainer({ image = '', command, args = [], resources: { requests, limits } = {}, env }: IContainer) {
  const heap = /--max-old-space-size=(\d+)/.exec(env?.find(({ name }) => name === 'NODE_OPTIONS')?.value ?? '')?.[1];
  return said(
    [
      !/(:[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image) || image.endsWith(':latest'),
      `has no version of its image: ${image}`,
    ],
    [command !== undefined, 'replaces the entrypoint of the image'],
    [!Object.hasOwn(programs, args[0] ?? ''), `runs ${args[0]}, which the image does not have`],
    [!requests?.memory || !requests.cpu || !limits?.memory, 'does not say what it needs of memory and CPU'],
    [!heap || Number(heap) >= 0.9 * mebibytes(limits?.memory), 'lets V8 take all of its memory'],
  );
}

const mebibytes = (quantity: unknown): number => {
  const [, number, unit] = /^(\d+)(Mi|Gi)$/.exec(String(quantity)) ?? [];
  return Number(number) * (unit === 'Gi' ? 1024 : 1);
};

/** A variable that names a file names one that is mounted, in a folder: what is mounted by subPath never changes. */
function ofFiles({ env = [], volumeMounts = [] }: IContainer, { volumes = [] }: IPodSpec) {
  const files = volumeMounts.flatMap(({ name, mountPath, subPath }) => {
    const volume = volumes.find((each) => each.name === name);
    const items = volume?.secret?.items ?? volume?.configMap?.items ?? [];
    return subPath ? [] : items.map(({ path }) => `${mountPath}/${path}`);
  });
  const named = env.filter(({ name, value }) => value && (name.endsWith('_FILE') || name === 'NODE_EXTRA_CA_CERTS'));
  return (
    named
      // A program that a person runs may read its input.
      .filter(({ value = '' }) => !files.includes(value) && value !== '/dev/stdin')
      .map(({ name, value }) => `${name} names ${value}, which is not mounted`)
  );
}

interface Workload {
  readonly replicas?: number;
  readonly progressDeadlineSeconds?: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: PodTemplate;
}

function ofDeployment(object: KubeObject, objects: readonly KubeObject[]): readonly string[] {
  if (object.kind !== 'Deployment') return [];
  const { replicas, selector, template, progressDeadlineSeconds = 600 } = object.spec as unknown as Workload;
  const budget = objects.find(
    ({ kind, spec }) => kind === 'PodDisruptionBudget' && isSame((spec as Workload).selector, selector),
  );
  return said(
    [!isSame(Object.keys(selector.matchLabels).toSorted(), identity.toSorted()), 'selects by labels that may change'],
    [!selects(selector.matchLabels, template.metadata.labels), 'does not select its own pods'],
    // Without `replicas` something else decides how many there are, of several.
    [
      replicas !== 1 && (budget?.spec as { maxUnavailable?: number })?.maxUnavailable !== 1,
      'has no budget that lets one pod at a time be evicted',
    ],
    [replicas === 1 && budget !== undefined, 'has a budget that holds up the eviction of its only pod'],
    // A sandbox reads no topics, and may be killed.
    ...(isService(object)
      ? template.spec.containers.flatMap((each) => [
          ...ofProbes(each, template.spec),
          ...ofRollout(each, progressDeadlineSeconds),
        ])
      : []),
  );
}

/** A rollout that counts as failed makes Argo CD and Flux roll back pods that still wait for their topics. */
function ofRollout({ startupProbe: { failureThreshold = 3, periodSeconds = 10 } = {} }: IContainer, deadline: number) {
  const start = failureThreshold * periodSeconds;
  return [[deadline <= start, `counts as failed after ${deadline} s, and may take ${start} to start`]] as const;
}

const isService = ({ metadata }: KubeObject): boolean =>
  [...services, 'console-gateway'].some((service) => service === metadata.labels?.['app.kubernetes.io/component']);

const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

function ofProbes(container: IContainer, { terminationGracePeriodSeconds = 30 }: IPodSpec) {
  const ports = container.ports?.map(({ name }) => name) ?? [];
  const milliseconds = (variable: string) => Number(container.env?.find(({ name }) => name === variable)?.value ?? 0);
  const stop = (milliseconds('STOP_DELAY_MS') + milliseconds('STOP_TIMEOUT_MS')) / 1000;
  const paths = probes.map((probe) => container[probe]?.httpGet?.path);
  return [
    ...probes.map(
      (probe) =>
        [!ports.includes(String(container[probe]?.httpGet?.port)), `has no ${probe} on a port of its own`] as const,
    ),
    [new Set(paths).size < probes.length, 'is asked the same by two probes'],
    [
      stop === 0 || terminationGracePeriodSeconds < stop + 5,
      `is killed after ${terminationGracePeriodSeconds} s, and may take ${stop} to stop`,
    ],
  ] as const;
}

function ofService(object: KubeObject, objects: readonly KubeObject[]): readonly string[] {
  if (object.kind !== 'Service') return [];
  const { selector, ports } = object.spec as {
    selector: Record<string, string>;
    ports: readonly { targetPort: string }[];
  };
  const behind = objects
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap((deployment) => podTemplateOf(deployment) ?? [])
    .filter(({ metadata }) => selects(selector, metadata.labels));
  const open = behind.flatMap(({ spec }) => spec.containers.flatMap((container) => container.ports ?? []));
  return said(
    [behind.length !== 1, `leads to ${behind.length} Deployments`],
    [
      ports.some(({ targetPort }) => !open.some(({ name }) => name === targetPort)),
      'leads to a port that nobody listens on',
    ],
  );
}

const selects = (selector: Readonly<Record<string, string>>, labelsOfPod: Readonly<Record<string, string>>): boolean =>
  Object.entries(selector).every(([label, value]) => labelsOfPod[label] === value);

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
