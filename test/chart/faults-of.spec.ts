import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './faults-of.ts';
import { type KubeObject, objectsIn } from './kube-object.ts';

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: page-routing }
spec:
  selector: { matchLabels: { app: page-routing } }
  template:
    metadata: { labels: { app: page-routing } }
    spec:
      containers:
        - name: page-routing
          image: pagebridge:0.1.0
          ports: [{ name: management, containerPort: 9083 }]
          livenessProbe: { httpGet: { path: /health/live, port: management } }
`;
const sound = objectsIn(deployment);
const faultsAfter = (wrong: string, right: string, yaml = deployment) => {
  expect(yaml).toContain(right);
  return faultsOf(objectsIn(yaml.replace(right, wrong)));
};

describe('the check of an object for Kubernetes', () => {
  it('finds nothing in a sound one', async () => {
    expect(await faultsOf(sound)).toEqual([]);
  });

  it('refuses a field that there is not, however deep, and says where', async () => {
    expect(await faultsAfter('httpGett:', 'httpGet:')).toEqual([
      expect.stringMatching(
        /^Deployment\/page-routing\.spec\..*containers\[0\]\.livenessProbe\.httpGett: .* may only specify known/,
      ),
    ]);
  });

  it('refuses a value of another type', async () => {
    expect(await faultsAfter('containerPort: "9083"', 'containerPort: 9083')).toEqual([
      expect.stringMatching(/ports\[0\]\.containerPort: Type 'string' is not assignable to type 'number'/),
    ]);
  });

  it('refuses an object that lacks a field', async () => {
    expect(await faultsAfter('', 'selector: { matchLabels: { app: page-routing } }')).toEqual([
      expect.stringMatching(/Property '"selector"' is missing/),
    ]);
  });

  it('refuses a field that is there and empty, as a template leaves it', async () => {
    expect(await faultsAfter('ports:', 'ports: [{ name: management, containerPort: 9083 }]')).toEqual([
      expect.stringMatching(/ports: Type 'null' is not assignable/),
    ]);
  });

  it('refuses a kind of which it knows nothing', async () => {
    expect(await faultsAfter('apps/v1beta9', 'apps/v1')).toEqual([expect.stringContaining('Cannot find module')]);
  });

  it.each([
    ['a KafkaTopic without partitions', 'KafkaTopic', 'partitions.* is missing', 'spec: { replicas: 3 }'],
    [
      'the operation of an ACL that Strimzi no longer takes',
      'KafkaUser',
      'acls\\[0\\]\\.operation: .* may only specify known',
      'spec: { authorization: { type: simple, acls: [{ resource: { type: topic, name: a }, operation: Read }] } }',
    ],
  ])('refuses %s', async (_, kind, fault, spec) => {
    const object = `apiVersion: kafka.strimzi.io/v1\nkind: ${kind}\nmetadata: { name: a }\n${spec}`;
    expect(await faultsOf(objectsIn(object))).toEqual([expect.stringMatching(new RegExp(fault))]);
  });

  it.each([
    [
      'an ExternalSecret',
      'external-secrets.io/v1',
      'data[0].remoteRef.propertyy',
      `spec: { secretStoreRef: { name: a, kind: SecretStore }, data: [{ secretKey: a, remoteRef: { key: a, propertyy: b } }] }`,
    ],
    [
      'a ScaledObject',
      'keda.sh/v1alpha1',
      'triggers[0].metadata.lagThreshold',
      'spec: { scaleTargetRef: { name: a }, triggers: [{ type: kafka, metadata: { lagThreshold: 10 } }] }',
    ],
    [
      'a PodMonitor',
      'monitoring.coreos.com/v1',
      'data/spec/podMetricsEndpoints/0/interval must match pattern',
      'spec: { selector: {}, podMetricsEndpoints: [{ port: management, interval: often }] }',
    ],
    [
      'an HTTPRoute',
      'gateway.networking.k8s.io/v1',
      'data/spec/rules/0/backendRefs/0/port must be <= 65535',
      'spec: { rules: [{ backendRefs: [{ name: a, port: 99999 }] }] }',
    ],
  ])('knows what %s may hold', async (title, apiVersion, fault, spec) => {
    const object = `apiVersion: ${apiVersion}\nkind: ${title.split(' ')[1]}\nmetadata: { name: a }\n${spec}`;
    expect(await faultsOf(objectsIn(object))).toEqual([expect.stringContaining(fault)]);
  });

  it('names the object among many that has the fault', async () => {
    const [other] = objectsIn('apiVersion: v1\nkind: Service\nmetadata: { name: b }\nspec: { port: 1 }') as [
      KubeObject,
    ];
    expect(await faultsOf([...sound, other])).toEqual([expect.stringMatching(/^Service\/b\.spec\.port: /)]);
  });
});
