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
const formerAcl = '{ resource: { type: topic, name: a }, operation: Read }';
const numericTrigger = '{ type: kafka, metadata: { lagThreshold: 10 } }';
const object = (apiVersion: string, kind: string, spec: string): KubeObject => {
  const [read] = objectsIn(`{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: a }, spec: ${spec} }`);
  return read as KubeObject;
};

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

  it('knows what the objects of operators may hold', async () => {
    const faults = await faultsOf([
      object('kafka.strimzi.io/v1', 'KafkaTopic', '{ replicas: 3 }'),
      // `operation`, of one, is gone from v1.
      object('kafka.strimzi.io/v1', 'KafkaUser', `{ authorization: { type: simple, acls: [${formerAcl}] } }`),
      object(
        'external-secrets.io/v1',
        'ExternalSecret',
        '{ data: [{ secretKey: a, remoteRef: { key: a, propertyy: b } }] }',
      ),
      object('keda.sh/v1alpha1', 'ScaledObject', `{ scaleTargetRef: { name: a }, triggers: [${numericTrigger}] }`),
    ]);
    expect(faults).toEqual([
      expect.stringMatching(/^KafkaTopic.*partitions.* is missing/),
      expect.stringContaining('KafkaUser/a.spec.authorization.acls[0].operation: '),
      expect.stringContaining('ExternalSecret/a.spec.data[0].remoteRef.propertyy: '),
      expect.stringContaining('ScaledObject/a.spec.triggers[0].metadata.lagThreshold: '),
    ]);
  });

  it('knows the patterns and bounds of values', async () => {
    const faults = await faultsOf([
      object('monitoring.coreos.com/v1', 'PodMonitor', '{ selector: {}, podMetricsEndpoints: [{ interval: often }] }'),
      object('gateway.networking.k8s.io/v1', 'HTTPRoute', '{ rules: [{ backendRefs: [{ name: a, port: 99999 }] }] }'),
    ]);
    expect(faults).toEqual([
      expect.stringContaining('/spec/podMetricsEndpoints/0/interval must match pattern'),
      expect.stringContaining('/spec/rules/0/backendRefs/0/port must be <= 65535'),
    ]);
  });

  it('names the object among many that has the fault', async () => {
    const [other] = objectsIn('apiVersion: v1\nkind: Service\nmetadata: { name: b }\nspec: { port: 1 }') as [
      KubeObject,
    ];
    expect(await faultsOf([...sound, other])).toEqual([expect.stringMatching(/^Service\/b\.spec\.port: /)]);
  });
});
