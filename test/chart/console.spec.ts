import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { IHTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { type KubeObject, nameOf, podTemplateOf } from './kube-object.ts';
import { rendered, rulesIn, said, theOne, variablesIn } from './minimal-chart.ts';
import { offencesOf } from './policies.ts';
import { kustomize, renderKustomization } from './render.ts';

const issuer = 'https://login.example.com/realms/ops';
const enabled = [
  'console.enabled=true',
  'console.publicUrl=https://pagebridge.example.com',
  `console.oidc.issuer=${issuer}`,
  'console.oidc.clientId=pagebridge-console',
  'console.sessionKeys.existingSecret=console-sessions',
];
const name = 'pagebridge-console-gateway';

describe('the console of the chart', () => {
  it('is left out until it is enabled', () => {
    expect(JSON.stringify(rendered())).not.toContain('console');
  });

  const objects = rendered(
    ...enabled,
    'console.oidc.existingSecret=console-client',
    'console.config.CONSOLE_HELP_TEXT=Ask in #paging.',
  );

  it('has two instances, of which one always serves while they are replaced, and one may be evicted', () => {
    const { spec } = theOne<IDeployment>(objects, 'Deployment', name);
    expect(spec).toMatchObject({ replicas: 2, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    expect(objects.map(nameOf)).toEqual(expect.arrayContaining([`PodDisruptionBudget/${name}`, `Service/${name}`]));
    expect(offencesOf(objects)).toEqual([]);
  });

  it('gets its secrets as files, calls the services within the cluster, and knows nothing of Kafka, the database and the policy', () => {
    const variables = variablesIn(objects, name);
    expect(variables).toMatchObject({
      PUBLIC_URL: 'https://pagebridge.example.com',
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'pagebridge-console',
      OIDC_CLIENT_SECRET_FILE: '/etc/pagebridge/oidc-client/client-secret',
      SESSION_KEYS_FILE: '/etc/pagebridge/session-keys/session-keys',
      CONNECTION_MANAGEMENT_URL: 'http://pagebridge-connection-management',
      HANDLE_SYNC_URL: 'http://pagebridge-handle-sync',
      PAGE_ROUTING_URL: 'http://pagebridge-page-routing',
    });
    expect(Object.keys(variables).filter((each) => /KAFKA|DATABASE|CREDENTIALS|ACCESS|START_WAIT/.test(each))).toEqual(
      [],
    );
    const volumes = podTemplateOf(theOne<KubeObject>(objects, 'Deployment', name))?.spec.volumes ?? [];
    expect(volumes.map(({ secret }) => secret?.secretName)).toEqual(['console-client', 'console-sessions']);
  });

  it('takes further variables, of which those that the chart sets are refused', () => {
    expect(variablesIn(objects, name).CONSOLE_HELP_TEXT).toBe('Ask in #paging.');
    expect(said(...enabled, 'console.config.SESSION_KEYS=a').stderr).toContain("'SESSION_KEYS' not allowed");
  });

  it('has a host of its own, without a path, by an Ingress or by an HTTPRoute', () => {
    const routed = rendered(
      ...enabled,
      'console.publicUrl=https://pagebridge.example.com:8443',
      'services.handle-sync.hosts={handles.example.com}',
      'ingress.enabled=true',
      'httpRoute.enabled=true',
      'httpRoute.parentRefs[0].name=public',
    );
    const rules = theOne<IIngress>(routed, 'Ingress', 'pagebridge').spec?.rules ?? [];
    expect(rules.map(({ host, http }) => [host, http?.paths[0]?.path, http?.paths[0]?.backend.service?.name])).toEqual([
      ['pagebridge.example.com', '/', name],
      ['handles.example.com', '/', 'pagebridge-handle-sync'],
    ]);
    expect(theOne<IHTTPRoute>(routed, 'HTTPRoute', name).spec?.hostnames).toEqual(['pagebridge.example.com']);
  });

  it('may be tried without a host, at a loopback address alone', () => {
    expect(variablesIn(rendered(...enabled, 'console.publicUrl=http://127.0.0.1:8080'), name).PUBLIC_URL).toBe(
      'http://127.0.0.1:8080',
    );
    for (const url of ['http://pagebridge.example.com', 'https://pagebridge.example.com/console']) {
      expect(said(...enabled, `console.publicUrl=${url}`).stderr).toContain("'/console/publicUrl'");
    }
  });

  it('is refused while something is missing, with all that is', () => {
    const { stderr } = said('console.enabled=true');
    for (const value of ['publicUrl', 'oidc.issuer', 'oidc.clientId', 'sessionKeys.existingSecret']) {
      expect(stderr).toContain(`- console.${value} is empty: set it to `);
    }
  });

  it('is refused with an issuer whose tokens the services would refuse', () => {
    const other = 'console.oidc.issuer=https://login.example.com/realms/other';
    expect(said(...enabled, other).stderr).toContain('realms/other, which access.policy does not list');
    expect(said(...enabled, other, 'access.policy=null', 'access.existingConfigMap=policy').stderr).toBe('');
  });

  it('is refused without the addresses of the issuer, even where services need none', () => {
    const values = ['networkPolicy.enabled=true', 'access.enabled=false', 'access.offIsIntended=true'];
    expect(said(...values).stderr).toBe('');
    expect(said(...values, ...enabled).stderr).toContain('networkPolicy.issuers.to is empty');
  });
});

const policies = rendered(
  ...enabled,
  'networkPolicy.enabled=true',
  'networkPolicy.callers[0].ipBlock.cidr=10.0.0.0/16',
  'networkPolicy.issuers.to[0].ipBlock.cidr=192.0.2.10/32',
);
const ofKustomize = renderKustomization(join(kustomize, 'overlays/prod'));

describe('network policies', () => {
  it.each([
    ['the chart', policies],
    ['kustomize', ofKustomize],
  ])('of %s let the gateway call the services with routes and the issuer, and nobody else', (_, objects) => {
    const [dns, ...others] = rulesIn(objects, 'egress', name);
    expect(dns?.ports).toEqual([53, 53]);
    // Only where it is installed too.
    const always = others.filter(
      ({ peers }) => !peers?.some((its) => its === 'page-history' || its === 'alert-intake'),
    );
    expect(always).toEqual([
      { ports: [8081], peers: ['connection-management'] },
      { ports: [8082], peers: ['handle-sync'] },
      { ports: [8083], peers: ['page-routing'] },
      { ports: [443], peers: ['192.0.2.10/32'] },
    ]);
  });

  it('let the gateway be called by callers, the services by callers and the gateway, and every management port by the pod inspect', () => {
    const inspected = (port: number) => ({ ports: [port], peers: ['inspect'] });
    expect(rulesIn(policies, 'ingress', name)).toEqual([{ ports: [8080], peers: ['10.0.0.0/16'] }, inspected(9080)]);
    for (const [service, port] of Object.entries({
      'connection-management': 8081,
      'handle-sync': 8082,
      'page-routing': 8083,
    })) {
      const rules = rulesIn(policies, 'ingress', `pagebridge-${service}`);
      const called = { ports: [port], peers: ['10.0.0.0/16', 'console-gateway'] };
      expect(rules).toEqual([called, inspected(port + 1000)]);
    }
    expect(rulesIn(policies, 'ingress', 'pagebridge-page-delivery')).toEqual([inspected(9084)]);
  });

  it('let the gateway reach a proxy, and behind it only the issuers that are named', () => {
    const objects = rendered(...enabled, 'networkPolicy.enabled=true', 'proxy.url=http://proxy.example.com:3128');
    expect(variablesIn(objects, name)).toMatchObject({
      HTTPS_PROXY: 'http://proxy.example.com:3128',
      NO_PROXY: '.svc,.cluster.local',
    });
    expect(rulesIn(objects, 'egress', name).map(({ ports }) => ports[0])).toEqual([53, 8081, 8082, 8083, 3128]);
  });
});

describe('the console of kustomize', () => {
  it('has two instances and a host of its own, that of its URL', () => {
    expect(theOne<IDeployment>(ofKustomize, 'Deployment', name).spec?.replicas).toBe(2);
    const settings = ofKustomize.find(({ metadata }) => metadata.name.startsWith('pagebridge-settings'));
    const { PUBLIC_URL } = (settings as unknown as { data: Readonly<Record<string, string>> }).data;
    const [rule] = theOne<IIngress>(ofKustomize, 'Ingress', 'pagebridge').spec?.rules ?? [];
    expect(`https://${rule?.host}`).toBe(PUBLIC_URL);
  });
});
