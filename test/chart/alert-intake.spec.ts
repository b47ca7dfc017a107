import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { IHTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { type KubeObject, nameOf, podTemplateOf } from './kube-object.ts';
import { containerIn, policiesThatName, rendered, rulesIn, said, theOne, variablesIn } from './minimal-chart.ts';
import { offencesOf } from './policies.ts';
import { kustomize, renderKustomization } from './render.ts';

const enabled = [
  'intake.enabled=true',
  'access.tokens=true',
  'kafka.users.alert-intake.existingSecret=kafka-alert-intake',
];
const name = 'pagebridge-alert-intake';
const console = [
  'console.enabled=true',
  'console.publicUrl=https://pagebridge.example.com',
  'console.oidc.issuer=https://login.example.com/realms/ops',
  'console.oidc.clientId=console',
  'console.sessionKeys.existingSecret=sessions',
];
const paths = ['/v1/intake', '/v2/enqueue'];

const pathsOf = ({ spec }: IIngress) =>
  spec?.rules?.map(({ host, http }) => [
    host,
    http?.paths.map(({ path, backend }) => [path, backend.service?.name] as const),
  ]);

describe('alert-intake of the chart', () => {
  it('is left out until it is enabled', () => {
    expect(JSON.stringify(rendered())).not.toContain('alert-intake');
  });

  const objects = rendered(...enabled, 'intake.config.KNOWN_ALERTS=50000');

  it('has two instances, of which one always serves while they are replaced, and one may be evicted', () => {
    const { spec } = theOne<IDeployment>(objects, 'Deployment', name);
    expect(spec).toMatchObject({ replicas: 2, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    expect(objects.map(nameOf)).toEqual(expect.arrayContaining([`PodDisruptionBudget/${name}`, `Service/${name}`]));
    expect(offencesOf(objects)).toEqual([]);
  });

  it('takes API tokens, has the policy and a user of Kafka, and knows nothing of a database and the sealing keys', () => {
    const variables = variablesIn(objects, name);
    expect(variables).toMatchObject({
      ACCESS: 'on',
      ACCESS_TOKENS: 'on',
      KAFKA_SASL_USERNAME: 'alert-intake',
      KNOWN_ALERTS: '50000',
      PORT: '8088',
      MANAGEMENT_PORT: '9088',
      STOP_DELAY_MS: '5000',
    });
    expect(Object.keys(variables).filter((each) => /^(DATABASE|CREDENTIALS|DATA_)/.test(each))).toEqual([]);
    const volumes = podTemplateOf(theOne<KubeObject>(objects, 'Deployment', name))?.spec.volumes ?? [];
    expect(volumes.flatMap(({ secret }) => secret?.secretName ?? [])).toEqual(['kafka-alert-intake']);
  });

  it('sends the test pages of the console', () => {
    const shown = rendered(...enabled, ...console);
    expect(variablesIn(shown, 'pagebridge-console-gateway').ALERT_INTAKE_URL).toBe(`http://${name}`);
  });

  it('takes further variables, of which those that the chart sets are refused', () => {
    expect(said(...enabled, 'intake.config.ACCESS_TOKENS=off').stderr).toContain("'ACCESS_TOKENS' not allowed");
  });

  it('is reached at its own host, and there at its documented paths alone, by an Ingress of its own or an HTTPRoute', () => {
    const routed = rendered(
      ...enabled,
      'intake.hosts={alerts.example.com}',
      'intake.ingress.tls[0].secretName=alerts-tls',
      'services.handle-sync.hosts={handles.example.com}',
      'ingress.enabled=true',
      'ingress.className=inside',
      'httpRoute.enabled=true',
      'httpRoute.parentRefs[0].name=public',
    );
    const own = theOne<IIngress>(routed, 'Ingress', name);
    expect(pathsOf(own)).toEqual([['alerts.example.com', paths.map((path) => [path, name])]]);
    expect(own.spec).toMatchObject({ ingressClassName: 'inside', tls: [{ secretName: 'alerts-tls' }] });
    const others = theOne<IIngress>(routed, 'Ingress', 'pagebridge');
    expect(pathsOf(others)).toEqual([['handles.example.com', [['/', 'pagebridge-handle-sync']]]]);
    expect(others.spec?.tls).toBeUndefined();
    const { spec } = theOne<IHTTPRoute>(routed, 'HTTPRoute', name);
    expect(spec?.hostnames).toEqual(['alerts.example.com']);
    expect(spec?.rules?.[0]?.matches?.map(({ path }) => path?.value)).toEqual(paths);
  });

  it('may have an Ingress where nothing else has, of a class of its own', () => {
    const values = ['intake.hosts={alerts.example.com}', 'intake.ingress.className=outside', 'ingress.enabled=true'];
    const ingresses = rendered(...enabled, ...values).filter(({ kind }) => kind === 'Ingress');
    expect(ingresses.map(nameOf)).toEqual([`Ingress/${name}`]);
    expect(ingresses[0]?.spec).toMatchObject({ ingressClassName: 'outside' });
  });

  it.each([
    ['access.tokens=false', 'alert-intake accepts only API tokens: set access.enabled and access.tokens to true'],
    ['access.enabled=false,access.offIsIntended=true', 'alert-intake accepts only API tokens'],
    ['kafka.users.alert-intake.existingSecret=', 'kafka.users.alert-intake.existingSecret is empty'],
    ['intake.config.KNOWN_ALERTS=2000000', 'KNOWN_ALERTS (400 bytes each) use 762 MiB'],
  ])('is refused with %s, with the cure', (value, complaint) => {
    expect(said(...enabled, value).stderr).toContain(complaint);
  });
});

const policies = rendered(
  ...enabled,
  ...console,
  'networkPolicy.enabled=true',
  'networkPolicy.callers[0].ipBlock.cidr=10.0.0.0/16',
  'networkPolicy.scrapers[0].ipBlock.cidr=10.5.0.0/16',
  'networkPolicy.kafka.to[0].ipBlock.cidr=10.1.0.0/24',
  'networkPolicy.issuers.to[0].ipBlock.cidr=192.0.2.10/32',
);

describe('its network policy', () => {
  it('lets callers of its own reach its port, and no other service', () => {
    const objects = rendered(
      ...enabled,
      'networkPolicy.enabled=true',
      'networkPolicy.callers[0].ipBlock.cidr=10.0.0.0/16',
      'networkPolicy.issuers.to[0].ipBlock.cidr=192.0.2.10/32',
      'intake.callers[0].ipBlock.cidr=10.6.0.0/16',
    );
    expect(rulesIn(objects, 'ingress', name)[0]).toEqual({ ports: [8088], peers: ['10.0.0.0/16', '10.6.0.0/16'] });
    expect(policiesThatName(objects, '10.6.0.0/16')).toEqual([`NetworkPolicy/${name}`]);
  });

  it('lets it be called by callers, the console and scrapers, and lets it call DNS, Kafka and issuers alone', () => {
    expect(rulesIn(policies, 'ingress', name)).toEqual([
      { ports: [8088], peers: ['10.0.0.0/16', 'console-gateway'] },
      { ports: [9088], peers: ['10.5.0.0/16', 'inspect'] },
    ]);
    const [dns, ...others] = rulesIn(policies, 'egress', name);
    expect(dns?.ports).toEqual([53, 53]);
    expect(others).toEqual([
      { ports: [9093], peers: ['10.1.0.0/24'] },
      { ports: [443], peers: ['192.0.2.10/32'] },
    ]);
    expect(rulesIn(policies, 'egress', 'pagebridge-console-gateway')).toContainEqual({
      ports: [8088],
      peers: ['alert-intake'],
    });
  });
});

describe('alert-intake of kustomize', () => {
  const objects = renderKustomization(join(kustomize, 'overlays/prod'));

  it('has two instances, a host of its own, and a policy by which it calls DNS, Kafka and issuers alone', () => {
    expect(theOne<IDeployment>(objects, 'Deployment', name).spec?.replicas).toBe(2);
    expect(pathsOf(theOne<IIngress>(objects, 'Ingress', name))).toEqual([
      ['alerts.example.com', paths.map((path) => [path, name])],
    ]);
    expect(rulesIn(objects, 'egress', name).map(({ ports }) => ports[0])).toEqual([53, 9093, 443]);
  });

  it('is called by the console', () => {
    const { env = [] } = containerIn(objects, 'pagebridge-console-gateway') ?? {};
    expect(env).toContainEqual({ name: 'ALERT_INTAKE_URL', value: `http://${name}` });
    expect(rulesIn(objects, 'egress', 'pagebridge-console-gateway')).toContainEqual({
      ports: [8088],
      peers: ['alert-intake'],
    });
  });

  it('turns API tokens on for every service', () => {
    const settings = objects.find(({ metadata }) => metadata.name.startsWith('pagebridge-settings'));
    expect(settings).toMatchObject({ data: { ACCESS_TOKENS: 'on' } });
    for (const reader of ['alert-intake', 'connection-management', 'handle-sync', 'page-routing']) {
      const { env = [] } = containerIn(objects, `pagebridge-${reader}`) ?? {};
      expect(env).toContainEqual({
        name: 'ACCESS_TOKENS',
        valueFrom: { configMapKeyRef: { name: settings?.metadata.name, key: 'ACCESS_TOKENS' } },
      });
    }
  });
});
