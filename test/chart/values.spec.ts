import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type KubeObject, nameOf, objectsIn } from './kube-object.ts';
import { helm } from './kube-tools.ts';
import { chart } from './render.ts';

const minimal = join(chart, 'ci/minimal-values.yaml');
/** Of a cluster without operators. */
const template = (...args: readonly string[]) => helm('template', 'pagebridge', chart, '--values', minimal, ...args);
const set = (...values: readonly string[]) => values.flatMap((value) => ['--set', value]);
const namesWith = (...args: readonly string[]): readonly string[] => {
  const { stdout, stderr } = template(...args);
  if (stderr) throw new Error(stderr);
  return objectsIn(stdout).map(nameOf);
};

describe('the values of the chart', () => {
  it.each([
    ["'/kafka': additional properties 'broker' not allowed", ['kafka.broker=a:1']],
    ["'': additional properties 'replicas' not allowed", ['replicas=3']],
    ["'/kafka/brokers': 'localhost' does not match pattern", ['kafka.brokers=localhost']],
    ["'/image/digest': 'sha256:0' does not match pattern", ['image.digest=sha256:0']],
    ["'/topics/createdBy': value must be one of 'job', 'strimzi', 'nobody'", ['topics.createdBy=me']],
    ["'/services/page-delivery/replicas': maximum: got 13, want 12", ['services.page-delivery.replicas=13']],
    ["'/autoscaling/page-routing/minReplicas': minimum: got 1, want 2", ['autoscaling.page-routing.minReplicas=1']],
    ["'/autoscaling/page-delivery/maxReplicas': maximum: got 13", ['autoscaling.page-delivery.maxReplicas=13']],
    [
      "'/services/page-routing/config': additional properties 'GAP' not allowed",
      ['services.page-routing.config.GAP=1'],
    ],
    [
      "page-routing/resources/limits/memory': '1G' does not match",
      ['services.page-routing.resources.limits.memory=1G'],
    ],
    ['kafka.brokers is empty', ['kafka.brokers=']],
    ['database.existingSecret is empty', ['database.existingSecret=']],
    ['sealing.privateKeys.existingSecret is that of', ['sealing.privateKeys.existingSecret=pagebridge-sealing-public']],
    ['kafka.users.page-routing.existingSecret is empty', ['kafka.users.page-routing.existingSecret=']],
    ['kafka.sasl.mechanism is plain', ['kafka.sasl.mechanism=plain', 'kafka.tls.enabled=false']],
    ['access.policy is empty', ['access.policy=null']],
    ['set access.offIsIntended to true', ['access.enabled=false']],
    ['no service has hosts', ['ingress.enabled=true']],
    [
      'jobs.hooks is true, and hooks run before the Secrets',
      ['externalSecrets.enabled=true', 'externalSecrets.renderMode=alwaysRender'],
    ],
    [
      'minReplicas is above maxReplicas',
      ['autoscaling.enabled=true', 'autoscaling.renderMode=alwaysRender', 'autoscaling.page-routing.minReplicas=12'],
    ],
    ['raise the one or lower the others', ['services.page-delivery.config.WAITING_MIB=4000']],
  ])('are refused with the key and the cure: %s', (complaint, values) => {
    const { status, stderr } = template(...set(...values));
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(complaint) });
  });

  it.each([
    ['PodDisruptionBudget', ['podDisruptionBudget.enabled=false']],
    ['Job', ['migrations.enabled=false', 'topics.createdBy=nobody']],
    ['ServiceAccount', ['serviceAccount.create=false']],
    ['ConfigMap', ['access.policy=null', 'access.existingConfigMap=policy']],
  ])('leave out %s where they are told to, and nothing else', (kind, values) => {
    const left = namesWith().filter((name) => !name.startsWith(`${kind}/`));
    expect(namesWith(...set(...values))).toEqual(left);
  });

  it.each([
    ['Ingress/pagebridge', ['ingress.enabled=true', 'services.handle-sync.hosts={handles.example.com}']],
    [
      'ConfigMap/pagebridge-data-centers',
      [
        'dataCenters[0].name=A,dataCenters[0].site=a,dataCenters[0].location=a',
        'dataCenters[0].apiUrl=https://a,dataCenters[0].pagingUrl=https://b',
      ],
    ],
  ])('add %s where they are told to, and nothing else', (added, values) => {
    const before = namesWith();
    expect(namesWith(...set(...values)).filter((name) => !before.includes(name))).toEqual([added]);
  });
});

describe('an object of an operator that the cluster does not have', () => {
  const switches = [
    ['podMonitor', 'PodMonitor', ['podMonitor.enabled=true']],
    ['prometheusRule', 'PrometheusRule', ['prometheusRule.enabled=true']],
    ['autoscaling', 'ScaledObject', ['autoscaling.enabled=true']],
    ['strimzi.users', 'KafkaUser', ['strimzi.users.enabled=true', 'strimzi.cluster=kafka', 'jobs.hooks=false']],
    ['topics.strimzi', 'KafkaTopic', ['topics.createdBy=strimzi', 'strimzi.cluster=kafka']],
  ] as const;

  it.each(switches)(
    '%s: fails the installation, is left out or rendered all the same, as renderMode says',
    (key, kind, values) => {
      const isIt = (name: string) => name.startsWith(`${kind}/`);
      const withMode = (mode: string) => namesWith(...set(...values, `${key}.renderMode=${mode}`)).filter(isIt);
      expect(template(...set(...values)).stderr).toContain(`/${kind}, which this cluster does not know`);
      expect(withMode('skipIfMissing')).toEqual([]);
      expect(withMode('alwaysRender').length).toBeGreaterThan(0);
    },
  );
});

describe('an upgrade of the chart', () => {
  it('changes no selector, whatever values change', () => {
    const selectorsOf = (...args: readonly string[]) =>
      objectsIn(template(...args).stdout)
        .filter(({ kind }) => kind === 'Deployment')
        .map((object: KubeObject) => [nameOf(object), (object.spec as { selector: unknown }).selector]);
    const changes = [
      'image.tag=9.9.9',
      'commonLabels.team=paging',
      'podLabels.tier=a',
      'services.page-routing.replicas=5',
    ];
    expect(selectorsOf(...set(...changes))).toEqual(selectorsOf());
  });
});
