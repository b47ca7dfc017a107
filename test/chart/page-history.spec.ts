import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { IHTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IJob } from 'kubernetes-models/batch/v1/Job';
import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { type KubeObject, nameOf, podTemplateOf } from './kube-object.ts';
import { containerIn, policiesThatName, rendered, rulesIn, said, theOne, variablesIn } from './minimal-chart.ts';
import { offencesOf } from './policies.ts';
import { kustomize, renderKustomization } from './render.ts';

const enabled = [
  'pageHistory.enabled=true',
  'pageHistory.database.existingSecret=pagebridge-history',
  'kafka.users.page-history.existingSecret=kafka-page-history',
];
const name = 'pagebridge-page-history';
const jobName = 'pagebridge-history-migrations';
const console = [
  'console.enabled=true',
  'console.publicUrl=https://pagebridge.example.com',
  'console.oidc.issuer=https://login.example.com/realms/ops',
  'console.oidc.clientId=console',
  'console.sessionKeys.existingSecret=sessions',
];
const secretsOf = (object: KubeObject) =>
  (podTemplateOf(object)?.spec.volumes ?? []).flatMap(({ secret }) => secret?.secretName ?? []);

describe('page-history of the chart', () => {
  it('is left out until it is enabled', () => {
    expect(JSON.stringify(rendered(...console))).not.toMatch(/page-history|history-migrations|PAGE_HISTORY/);
  });

  const objects = rendered(...enabled, 'pageHistory.config.HISTORY_DAYS=90');

  it('has one instance, which a new one follows before it stops', () => {
    const { spec } = theOne<IDeployment>(objects, 'Deployment', name);
    expect(spec).toMatchObject({ replicas: 1, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    expect(objects.map(nameOf)).toContain(`Service/${name}`);
    expect(objects.map(nameOf)).not.toContain(`PodDisruptionBudget/${name}`);
    expect(offencesOf(objects)).toEqual([]);
  });

  it('has the policy, a user of Kafka and a database of its own, and neither another database nor sealing keys', () => {
    const variables = variablesIn(objects, name);
    expect(variables).toMatchObject({
      ACCESS: 'on',
      KAFKA_SASL_USERNAME: 'page-history',
      DATABASE_URL_FILE: '/etc/pagebridge/database/url',
      HISTORY_DAYS: '90',
      PORT: '8087',
      MANAGEMENT_PORT: '9087',
    });
    expect(Object.keys(variables).filter((each) => /^(CREDENTIALS|DATA_)/.test(each))).toEqual([]);
    const deployment = theOne<KubeObject>(objects, 'Deployment', name);
    expect(secretsOf(deployment)).toEqual(['kafka-page-history', 'pagebridge-history']);
    expect(secretsOf(theOne(objects, 'Deployment', 'pagebridge-connection-management'))).toContain(
      'pagebridge-database',
    );
  });

  it('has a Job for its tables, of a user who may change them', () => {
    const migrated = rendered(
      ...enabled,
      'pageHistory.database.url=mysql://pagebridge_history@mysql:3306/pagebridge_history',
      'pageHistory.database.migrationUrl=mysql://history_migrate@mysql:3306/pagebridge_history',
      'pageHistory.database.migrationPasswordKey=migration',
      'pageHistory.database.serviceUser=pagebridge_history',
    );
    const container = theOne<IJob>(migrated, 'Job', jobName).spec?.template.spec?.containers[0];
    expect(container?.args).toEqual(['history-migrations']);
    expect(Object.fromEntries(container?.env?.map((each) => [each.name, each.value]) ?? [])).toMatchObject({
      DATABASE_URL: 'mysql://history_migrate@mysql:3306/pagebridge_history',
      DATABASE_PASSWORD_FILE: '/etc/pagebridge/database/migration',
      DATABASE_SERVICE_USER: 'pagebridge_history',
    });
    const without = rendered(...enabled, 'migrations.enabled=false').map(nameOf);
    expect(without.filter((each) => each.startsWith('Job/'))).toEqual(['Job/pagebridge-topics']);
  });

  it('sends dead letters again as the user dead-letters, by the reopen age of page-delivery, if it is told to', () => {
    const login = 'kafka.users.dead-letters.existingSecret=kafka-dead-letters';
    const replaying = [
      'pageHistory.deadLetterReplay=true',
      'services.page-delivery.config.PAGE_REOPEN_AFTER_MINUTES=30',
    ];
    expect(said(...enabled, ...replaying).stderr).toContain('kafka.users.dead-letters.existingSecret is empty');
    const objects = rendered(...enabled, ...replaying, login);
    expect(variablesIn(objects, name)).toMatchObject({
      DEAD_LETTER_REPLAY: 'on',
      KAFKA_SASL_USERNAME: 'page-history',
      DEAD_LETTERS_KAFKA_SASL_USERNAME: 'dead-letters',
      DEAD_LETTERS_KAFKA_SASL_PASSWORD_FILE: '/etc/pagebridge/kafka-dead-letters/password',
      PAGE_REOPEN_AFTER_MINUTES: '30',
    });
    expect(secretsOf(theOne(objects, 'Deployment', name))).toContain('kafka-dead-letters');
    expect(secretsOf(theOne(objects, 'Deployment', 'pagebridge-page-routing'))).not.toContain('kafka-dead-letters');
  });

  it('is shown by the console', () => {
    const shown = rendered(...enabled, ...console);
    expect(variablesIn(shown, 'pagebridge-console-gateway').PAGE_HISTORY_URL).toBe(`http://${name}`);
  });

  it.each([
    ['pageHistory.database.existingSecret=', 'pageHistory.database.existingSecret is empty'],
    [
      'pageHistory.database.existingSecret=pagebridge-database',
      'pageHistory.database is the same database as `database`',
    ],
    [
      'pageHistory.database.serviceUser=x',
      'pageHistory.database.serviceUser needs pageHistory.database.migrationUrlKey',
    ],
    ['kafka.users.page-history.existingSecret=', 'kafka.users.page-history.existingSecret is empty'],
    ['pageHistory.config.DATABASE_URL=x', "'DATABASE_URL' not allowed"],
  ])('is refused with %s, with the cure', (value, complaint) => {
    expect(said(...enabled, value).stderr).toContain(complaint);
  });
});

describe('its snapshots', () => {
  const shared = [
    ...enabled,
    'pageHistory.snapshots.url=https://pages.example.com',
    'pageHistory.snapshots.keys.existingSecret=snapshot-keys',
  ];
  const routed = ['ingress.enabled=true', 'httpRoute.enabled=true', 'httpRoute.parentRefs[0].name=public'];

  it('are left out until they have an address', () => {
    expect(JSON.stringify(rendered(...enabled))).not.toMatch(/snapshot/i);
  });

  it('have keys that page-delivery and page-history alone hold, and an address that page-delivery knows', () => {
    const objects = rendered(...shared);
    const holders = objects.filter((object) => secretsOf(object).includes('snapshot-keys')).map(nameOf);
    expect(holders.toSorted()).toEqual(['Deployment/pagebridge-page-delivery', `Deployment/${name}`]);
    const file = { SNAPSHOT_KEYS_FILE: '/etc/pagebridge/snapshot-keys/snapshot-keys' };
    expect(variablesIn(objects, name)).toMatchObject(file);
    const url = { SNAPSHOT_URL: 'https://pages.example.com' };
    expect(variablesIn(objects, 'pagebridge-page-delivery')).toMatchObject({ ...file, ...url });
    expect(offencesOf(objects)).toEqual([]);
  });

  it('have a host that leads to them alone', () => {
    const objects = rendered(...shared, ...routed);
    const [rule, ...others] = theOne<IIngress>(objects, 'Ingress', 'pagebridge-snapshots').spec?.rules ?? [];
    expect([rule?.host, rule?.http?.paths.map(({ path }) => path), others]).toEqual(['pages.example.com', ['/s'], []]);
    expect(theOne<IHTTPRoute>(objects, 'HTTPRoute', 'pagebridge-snapshots').spec).toMatchObject({
      hostnames: ['pages.example.com'],
      rules: [{ matches: [{ path: { value: '/s' } }], backendRefs: [{ name }] }],
    });
    expect(objects.map(nameOf).filter((each) => /^(Ingress|HTTPRoute)/.test(each))).toHaveLength(2);
  });

  it('have callers of their own, who reach the port of page-history and no other service', () => {
    const objects = rendered(
      ...shared,
      'networkPolicy.enabled=true',
      'networkPolicy.callers[0].ipBlock.cidr=10.0.0.0/16',
      'networkPolicy.issuers.to[0].ipBlock.cidr=192.0.2.10/32',
      'pageHistory.snapshots.callers[0].ipBlock.cidr=10.6.0.0/16',
    );
    expect(rulesIn(objects, 'ingress', name)[0]).toEqual({ ports: [8087], peers: ['10.0.0.0/16', '10.6.0.0/16'] });
    expect(policiesThatName(objects, '10.6.0.0/16')).toEqual([`NetworkPolicy/${name}`]);
  });

  it.each([
    ['pageHistory.snapshots.keys.existingSecret=', 'pageHistory.snapshots.keys.existingSecret is empty'],
    ['pageHistory.enabled=false', 'pageHistory.snapshots.url needs pageHistory.enabled'],
    ['pageHistory.snapshots.url=http://pages.example.com', "'/pageHistory/snapshots/url'"],
    ['pageHistory.config.SNAPSHOT_KEYS=x', "'SNAPSHOT_KEYS' not allowed"],
  ])('are refused with %s, with the cure', (value, complaint) => {
    expect(said(...shared, value).stderr).toContain(complaint);
  });
});

describe('its network policies', () => {
  const objects = rendered(
    ...enabled,
    ...console,
    'networkPolicy.enabled=true',
    'networkPolicy.callers[0].ipBlock.cidr=10.0.0.0/16',
    'networkPolicy.kafka.to[0].ipBlock.cidr=10.1.0.0/24',
    'networkPolicy.database.to[0].ipBlock.cidr=10.2.0.10/32',
    'networkPolicy.issuers.to[0].ipBlock.cidr=192.0.2.10/32',
  );

  it('let callers and the console call it, and let it call Kafka, the database and issuers alone', () => {
    expect(rulesIn(objects, 'ingress', name)).toEqual([
      { ports: [8087], peers: ['10.0.0.0/16', 'console-gateway'] },
      { ports: [9087], peers: ['inspect'] },
    ]);
    expect(rulesIn(objects, 'egress', name).slice(1)).toEqual([
      { ports: [9093], peers: ['10.1.0.0/24'] },
      { ports: [3306], peers: ['10.2.0.10/32'] },
      { ports: [443], peers: ['192.0.2.10/32'] },
    ]);
    expect(rulesIn(objects, 'egress', 'pagebridge-console-gateway')).toContainEqual({
      ports: [8087],
      peers: ['page-history'],
    });
  });

  it('let the Job for its tables call the database alone', () => {
    const [, ...rules] = rulesIn(objects, 'egress', jobName);
    expect(rules).toEqual([{ ports: [3306], peers: ['10.2.0.10/32'] }]);
  });
});

describe('page-history of kustomize', () => {
  const objects = renderKustomization(join(kustomize, 'overlays/prod'));

  it('has one instance, a Job for its tables, and a console that shows it', () => {
    expect(theOne<IDeployment>(objects, 'Deployment', name).spec?.replicas).toBe(1);
    expect(objects.map(nameOf)).toContain(`Job/${jobName}`);
    const { env = [] } = containerIn(objects, 'pagebridge-console-gateway') ?? {};
    expect(env).toContainEqual({ name: 'PAGE_HISTORY_URL', value: `http://${name}` });
    expect(rulesIn(objects, 'egress', 'pagebridge-console-gateway').at(-1)).toEqual({
      ports: [8087],
      peers: ['page-history'],
    });
  });
});
