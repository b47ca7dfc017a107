import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { type KubeObject, objectsIn, podTemplateOf } from './kube-object.ts';
import { offencesOf } from './policies.ts';
import { chart, template } from './render.ts';

const url = 'http://proxy.example.com:3128';
const set = (...values: readonly string[]) => values.flatMap((value) => ['--set', value]);
const said = (...values: readonly string[]) =>
  template('--values', join(chart, 'ci/smoke-test-values.yaml'), ...set(...values));
const rendered = (...values: readonly string[]) => {
  const { stdout, stderr } = said(...values);
  if (stderr) throw new Error(stderr);
  return objectsIn(stdout);
};
const componentOf = ({ metadata }: KubeObject) => metadata.labels?.['app.kubernetes.io/component'] ?? '';

/** The containers that have this variable, and its value or where it is from. */
const variable = (name: string, objects: readonly KubeObject[]) =>
  Object.fromEntries(
    objects
      .flatMap((object) => podTemplateOf(object)?.spec.containers ?? [])
      .flatMap((container) => {
        const { value, valueFrom } = container.env?.find((each) => each.name === name) ?? {};
        return value === undefined && valueFrom === undefined ? [] : [[container.name, value ?? valueFrom]];
      }),
  );

/** Who may call this port, of any address or of these. */
const callersOn = (port: number, objects: readonly KubeObject[], cidr?: string) =>
  objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .filter((object) =>
      (object as unknown as INetworkPolicy).spec?.egress?.some(
        ({ ports, to }) =>
          ports?.some((each) => each.port === port) && (cidr === undefined || to?.[0]?.ipBlock?.cidr === cidr),
      ),
    )
    .map(componentOf)
    .toSorted();

const callers = ['connection-management', 'handle-sync', 'page-delivery', 'page-routing', 'smoke-test'];
const all = <T>(names: readonly string[], value: T) => Object.fromEntries(names.map((name) => [name, value]));

describe('a proxy of the chart', () => {
  it('reaches all that calls destinations or token issuers, and the hosts of the cluster are called directly', () => {
    const objects = rendered(`proxy.url=${url}`, 'proxy.noProxy={login.example.com}');
    expect(variable('HTTPS_PROXY', objects)).toEqual(all(callers, url));
    expect(variable('NO_PROXY', objects)).toEqual(all(callers, '.svc,.cluster.local,login.example.com'));
    expect(offencesOf(objects)).toEqual([]);
  });

  it('reaches the topics Job too, if that requests a token, and never the migration', () => {
    const oauthbearer = ['mechanism=oauthbearer', 'oauthTokenEndpoint=https://issuer/token'];
    const objects = rendered(`proxy.url=${url}`, ...oauthbearer.map((value) => `kafka.sasl.${value}`));
    expect(variable('HTTPS_PROXY', objects)).toEqual(all([...callers, 'topics'], url));
    expect(callersOn(3128, objects)).toEqual([...callers, 'topics']);
  });

  it('may have its URL, with a password, in a Secret', () => {
    const objects = rendered('proxy.existingSecret=company-proxy', 'networkPolicy.proxy.ports={8080}');
    const valueFrom = { secretKeyRef: { name: 'company-proxy', key: 'url' } };
    expect(variable('HTTPS_PROXY', objects)).toEqual(all(callers, valueFrom));
    expect(callersOn(8080, objects)).toEqual(callers);
  });

  it.each([
    [url, 3128],
    ['http://proxy.example.com', 80],
    ['https://proxy.example.com/', 443],
    ['http://[2001:db8::1]:8080/', 8080],
  ])('may be called by the network policies at its port: %s', (at, port) => {
    const objects = rendered(`proxy.url=${at}`, 'networkPolicy.proxy.to[0].ipBlock.cidr=10.4.0.10/32');
    expect(callersOn(port, objects, '10.4.0.10/32')).toEqual(callers);
  });

  it('leaves only the issuers to be called directly that are named', () => {
    const objects = rendered(`proxy.url=${url}`, 'networkPolicy.issuers.to=null');
    expect(callersOn(443, objects)).toEqual(['connection-management', 'handle-sync', 'page-delivery']);
    expect(said('networkPolicy.issuers.to=null').stderr).toContain('networkPolicy.issuers.to is empty');
  });

  it('is refused with the cure, if it is given twice, in the clear with a password, or at a port that nobody knows', () => {
    expect(said(`proxy.url=${url}`, 'proxy.existingSecret=company-proxy').stderr).toContain('remove one');
    expect(said('proxy.existingSecret=company-proxy').stderr).toContain('networkPolicy.proxy.ports is empty');
    expect(said('proxy.url=http://user:secret@proxy:3128').stderr).toContain("'/proxy/url'");
    expect(said('proxy.url=proxy:3128').stderr).toContain("'/proxy/url'");
  });
});
