import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type KubeObject, nameOf, objectsIn, podTemplateOf } from './kube-object.ts';
import { offencesOf } from './policies.ts';
import { chart, helm } from './render.ts';

const minimal = join(chart, 'ci/minimal-values.yaml');
/** Of a cluster without operators. */
const template = (...args: readonly string[]) => helm('template', 'pagebridge', chart, '--values', minimal, ...args);
const set = (...values: readonly string[]) => values.flatMap((value) => ['--set', value]);
const namesWith = (...args: readonly string[]): readonly string[] => {
  const { stdout, stderr } = template(...args);
  if (stderr) throw new Error(stderr);
  return objectsIn(stdout).map(nameOf);
};

const usual = namesWith();

describe('the values of the chart', () => {
  const complaintsOf = (values: readonly string[]) => {
    const { status, stderr } = template(...set(...values));
    expect(status).toBe(1);
    return stderr;
  };

  it('are refused by the schema with the key of each that is wrong', () => {
    const wrong: Readonly<Record<string, string>> = {
      'kafka.broker=a:1': "'/kafka': additional properties 'broker' not allowed",
      'replicas=3': "'': additional properties 'replicas' not allowed",
      'kafka.brokers=localhost': "'/kafka/brokers': 'localhost' does not match pattern",
      'image.digest=sha256:0': "'/image/digest': 'sha256:0' does not match pattern",
      'topics.createdBy=me': "'/topics/createdBy': value must be one of 'job', 'strimzi', 'nobody'",
      'services.page-delivery.replicas=13': "'/services/page-delivery/replicas': maximum: got 13, want 12",
      'autoscaling.page-routing.minReplicas=1': "'/autoscaling/page-routing/minReplicas': minimum: got 1, want 2",
      'autoscaling.page-delivery.maxReplicas=13': "'/autoscaling/page-delivery/maxReplicas': maximum: got 13",
      'services.page-routing.config.GAP=1': "'/services/page-routing/config': additional properties 'GAP' not allowed",
      'services.page-routing.resources.limits.memory=1G':
        "'/services/page-routing/resources/limits/memory': '1G' does not match",
    };
    const complaints = complaintsOf(Object.keys(wrong));
    for (const complaint of Object.values(wrong)) expect(complaints).toContain(complaint);
  });

  it('are refused where a token would cross the network in clear text', () => {
    const values = ['kafka.sasl.mechanism=oauthbearer', 'kafka.tls.enabled=false'];
    expect(complaintsOf(values)).toContain('kafka.sasl.mechanism is oauthbearer: the password or token');
  });

  it('are refused all at once, each with its cure, where several do not fit together', () => {
    const wrong: Readonly<Record<string, string>> = {
      'kafka.brokers=': 'kafka.brokers is empty',
      'database.existingSecret=': 'database.existingSecret is empty',
      'sealing.privateKeys.existingSecret=pagebridge-sealing-public': 'sealing.privateKeys.existingSecret is that of',
      'kafka.users.page-routing.existingSecret=': 'kafka.users.page-routing.existingSecret is empty',
      'kafka.sasl.mechanism=plain,kafka.tls.enabled=false': 'kafka.sasl.mechanism is plain',
      'database.serviceUser=pagebridge': 'database.serviceUser needs database.migrationUrlKey',
      'topics.strimzi.config.cleanup\\.policy=delete': 'topics.strimzi.config has cleanup.policy',
      'networkPolicy.enabled=true,podMonitor.enabled=true,podMonitor.renderMode=alwaysRender':
        'networkPolicy.scrapers is empty',
      'access.enabled=false': 'set access.offIsIntended to true',
      'ingress.enabled=true': 'no service has hosts',
      'externalSecrets.enabled=true,externalSecrets.renderMode=alwaysRender':
        'jobs.hooks is true, and hooks run before',
      'autoscaling.enabled=true,autoscaling.renderMode=alwaysRender,autoscaling.page-routing.minReplicas=12':
        'autoscaling.page-routing.minReplicas is above maxReplicas',
      'services.page-delivery.config.WAITING_MIB=4000': 'raise the memory limit, or lower the others',
    };
    const complaints = complaintsOf(Object.keys(wrong));
    for (const complaint of Object.values(wrong)) expect(complaints).toContain(complaint);
  });

  it.each([
    ['PodDisruptionBudget', ['podDisruptionBudget.enabled=false']],
    ['Job', ['migrations.enabled=false', 'topics.createdBy=nobody']],
    ['ServiceAccount', ['serviceAccount.create=false']],
    ['ConfigMap', ['access.policy=null', 'access.existingConfigMap=policy']],
  ])('leave out %s where they are told to, and nothing else', (kind, values) => {
    const left = usual.filter((name) => !name.startsWith(`${kind}/`));
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
    expect(namesWith(...set(...values)).filter((name) => !usual.includes(name))).toEqual([added]);
  });
});

describe('the settings of topics', () => {
  it('are those of the values before those of the cards', () => {
    const values = ['topics.createdBy=strimzi', 'topics.strimzi.renderMode=alwaysRender', 'strimzi.cluster=kafka'];
    const { stdout } = template(...set(...values, 'topics.strimzi.config.retention\\.ms=1209600000'));
    const topics = objectsIn(stdout).filter(({ kind }) => kind === 'KafkaTopic');
    const retentions = topics.map(({ spec }) => (spec as { config: Record<string, unknown> }).config['retention.ms']);
    expect(new Set(retentions)).toEqual(new Set(['1209600000']));
  });
});

describe('callers', () => {
  it('reach services and the sandbox by IPv4 and by IPv6', () => {
    const { stdout } = helm('template', 'a', chart, '--values', join(chart, 'ci/smoke-test-values.yaml'));
    const variables = objectsIn(stdout).flatMap((object) =>
      (podTemplateOf(object)?.spec.containers ?? []).flatMap(({ env = [] }) => env),
    );
    const hosts = variables.filter(({ name }) => ['HOST', 'SANDBOX_HOST'].includes(name)).map(({ value }) => value);
    expect(hosts).toEqual(['::', '::', '::', '::']);
  });
});

describe('network policies', () => {
  const on = ['networkPolicy.enabled=true', 'networkPolicy.issuers.to[0].ipBlock.cidr=192.0.2.1/32'];
  const hosts = 'services.handle-sync.hosts={handles.example.com}';
  const intake = [
    'intake.enabled=true',
    'access.tokens=true',
    'kafka.users.alert-intake.existingSecret=kafka-alert-intake',
  ];
  const history = [
    'pageHistory.enabled=true',
    'pageHistory.database.existingSecret=pagebridge-history',
    'kafka.users.page-history.existingSecret=kafka-page-history',
    'pageHistory.snapshots.url=https://pages.example.com',
    'pageHistory.snapshots.keys.existingSecret=snapshot-keys',
    'ingress.enabled=true',
  ];
  const routes = ['httpRoute.enabled=true', 'httpRoute.renderMode=alwaysRender', 'httpRoute.parentRefs[0].name=public'];
  const shutOut = (...values: readonly string[]) =>
    template(...set(...on, ...values)).stderr.match(/networkPolicy\.callers is empty, so nobody can call .*/)?.[0];

  it.each([
    ['an Ingress', ['ingress.enabled=true', hosts], 'handle-sync: '],
    ['an HTTPRoute', [...routes, hosts], 'handle-sync: '],
    ['alerts over HTTP', intake, 'alert-intake: .* intake.callers'],
    ['snapshots', history, 'page-history: .* pageHistory.snapshots.callers'],
    ['several', [...intake, 'ingress.enabled=true', hosts], 'alert-intake, handle-sync: '],
  ])('are refused with the value and the cure if they shut out every caller of %s', (_, values, services) => {
    const cure = 'name the pods of the ingress controller, of the Gateway or of other callers';
    expect(shutOut(...values)).toMatch(new RegExp(`so nobody can call ${services}`));
    expect(shutOut(...values)).toContain(cure);
    expect(shutOut(...values, 'networkPolicy.callers[0].ipBlock.cidr=10.0.0.0/16')).toBeUndefined();
  });

  it('are accepted if each exposed service has callers of its own, or nothing is exposed', () => {
    const own = ['intake.callers', 'pageHistory.snapshots.callers'].map((key) => `${key}[0].ipBlock.cidr=10.6.0.0/16`);
    const accepted = [[], [...intake, ...own], [...history, ...own]];
    for (const values of accepted) expect(template(...set(...on, ...values))).toMatchObject({ status: 0, stderr: '' });
  });

  it('let every pod ask the DNS of the cluster, and its cache on the node', () => {
    const values = set('networkPolicy.enabled=true', 'networkPolicy.issuers.to[0].ipBlock.cidr=192.0.2.1/32');
    const policies = objectsIn(template(...values).stdout).filter(({ kind }) => kind === 'NetworkPolicy');
    const dns = policies.map(({ spec }) => (spec as { egress: readonly unknown[] }).egress[0]);
    const to = [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } },
      { ipBlock: { cidr: '169.254.20.10/32' } },
    ];
    expect(dns.length).toBeGreaterThan(5);
    expect(dns).toEqual(dns.map(() => expect.objectContaining({ to })));
  });
});

describe('further CAs and variables', () => {
  it('reach every service and every Job', () => {
    const values = set('extraCaSecret=company-ca', 'extraEnv[0].name=TZ', 'extraEnv[0].value=Europe/Zurich');
    const objects = objectsIn(template(...values).stdout);
    const containers = objects.flatMap((object) => podTemplateOf(object)?.spec.containers ?? []);
    const without = (variable: string) =>
      containers.filter(({ env = [] }) => !env.some(({ name }) => name === variable)).map(({ name }) => name);
    expect(containers.length).toBeGreaterThan(5);
    expect([without('NODE_EXTRA_CA_CERTS'), without('TZ')]).toEqual([[], []]);
    expect(offencesOf(objects)).toEqual([]);
  });

  const jobsThatNeedCas = (...values: readonly string[]) =>
    objectsIn(template(...set('extraCaSecret=company-ca', ...values)).stdout)
      .filter(({ kind }) => kind === 'Job')
      .filter((job) =>
        podTemplateOf(job)?.spec.volumes?.some(({ secret }) => secret?.secretName === 'company-ca' && !secret.optional),
      )
      .map(nameOf);

  it('do not keep a Job from running before the chart has created their Secret', () => {
    expect(jobsThatNeedCas()).toEqual([]);
  });

  it('are there before the topics Job requests a token', () => {
    const oauthbearer = ['mechanism=oauthbearer', 'oauthTokenEndpoint=https://issuer/token'];
    expect(jobsThatNeedCas(...oauthbearer.map((value) => `kafka.sasl.${value}`))).toEqual(['Job/pagebridge-topics']);
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
      expect(template(...set(...values)).stderr).toContain(`/${kind}, but this cluster lacks that CRD`);
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
