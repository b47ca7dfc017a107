import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cards, orgAlertsCard, topicDefinitionsOf } from '@pagebridge/contracts';
import { aclsOf } from '@pagebridge/topics';
import type { KubeObject } from './kube-object.ts';
import { podTemplateOf } from './kube-object.ts';
import { chart, kustomize, renderChart, renderKustomization } from './render.ts';
import type { IKafkaTopic, IKafkaUser } from './strimzi.ts';

const ofKind = <T>(objects: readonly KubeObject[], kind: string) =>
  objects.filter((object) => object.kind === kind) as unknown as readonly T[];

describe.each([
  [
    'the chart',
    () => renderChart(join(chart, 'ci/strimzi-values.yaml')),
    ['acme-us'],
    { 'retention.bytes': '-1' },
    { 'helm.sh/resource-policy': 'keep' },
  ],
  [
    'kustomize',
    () => renderKustomization(join(kustomize, 'overlays/prod')),
    [],
    {},
    { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
  ],
] as const)('the objects of %s for Strimzi', (_, render, sourceOrgs, more, keptBy) => {
  const config = { ...more, 'min.insync.replicas': '2' };
  const objects = render();

  it('are the topics of the cards, with their dead letters and those of source orgs', () => {
    const topics = ofKind<IKafkaTopic>(objects, 'KafkaTopic').map(({ metadata: { name }, spec }) => [
      name,
      { partitions: spec.partitions, config: spec.config },
    ]);
    const expected = [...cards, ...sourceOrgs.map(orgAlertsCard)].flatMap(topicDefinitionsOf);
    const settings = expected.map(({ topic, partitions, config: own }) => [
      topic,
      { partitions, config: { ...own, ...config } },
    ]);
    expect(topics).toHaveLength(expected.length);
    expect(Object.fromEntries(topics)).toEqual(Object.fromEntries(settings));
  });

  it('let users do what `npm run -s pagebridge -- acls` prints, and no more', () => {
    const users = ofKind<IKafkaUser>(objects, 'KafkaUser').filter(({ metadata }) => metadata.name !== 'topics');
    const rights = users.flatMap(({ metadata, spec }) =>
      spec.authorization.acls.flatMap(({ resource, operations }) =>
        operations.map((operation) => {
          const { name, patternType } = resource as { name: string; patternType: string };
          return [metadata.name, operation, resource.type, name, patternType].join(' ');
        }),
      ),
    );
    const printed = aclsOf(cards, sourceOrgs)
      // Strimzi makes the topics: nobody else has to.
      .filter(({ who }) => who !== 'topics')
      .map(({ who, operation, resourceType, resourceName, patternType }) =>
        [who, operation, resourceType, resourceName, patternType.replace('prefixed', 'prefix')].join(' '),
      );
    expect(rights.toSorted()).toEqual(printed.toSorted());
  });

  it('stay when everything else is uninstalled: with them Strimzi would delete pages, and passwords of others', () => {
    const kept = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', ...keptBy };
    for (const kind of ['KafkaTopic', 'KafkaUser']) {
      const ofKind = objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.annotations);
      // The user that checks the topics is made anew for each upgrade.
      const annotations = ofKind.filter((its) => its?.['helm.sh/hook'] === undefined);
      expect(annotations.length).toBeGreaterThan(4);
      expect(annotations).toEqual(annotations.map(() => expect.objectContaining(kept)));
    }
  });

  it('bring no Job that makes topics', () => {
    const jobs = objects.filter(({ kind }) => kind === 'Job');
    const args = jobs.map((job) => podTemplateOf(job)?.spec.containers[0]?.args ?? []);
    expect(args.filter((line) => line.includes('topics') && !line.includes('--check'))).toEqual([]);
    expect(args).toContainEqual(['migrations']);
  });
});

describe('what the chart runs before it creates the topics for Strimzi', () => {
  const objects = renderChart(join(chart, 'ci/strimzi-values.yaml'));
  const hooks = objects.filter(({ metadata }) => {
    const { 'helm.sh/hook': hook, 'app.kubernetes.io/component': component } = {
      ...metadata.annotations,
      ...metadata.labels,
    };
    return hook === 'pre-install,pre-upgrade' && component === 'topics';
  });

  it('is a Job that fails if a topic that has records would get more partitions', () => {
    const [job] = hooks.filter(({ kind }) => kind === 'Job');
    const { args } = podTemplateOf(job as KubeObject)?.spec.containers[0] ?? {};
    expect(args).toEqual(['pagebridge', 'topics', 'create', '--check', '--org', 'acme-us']);
  });

  it('is a user for it, who may only look at the topics, and is gone afterwards', () => {
    const [user] = ofKind<IKafkaUser>(hooks, 'KafkaUser');
    const acls = user?.spec.authorization.acls ?? [];
    const topics = ofKind<IKafkaTopic>(objects, 'KafkaTopic').map(({ metadata }) => metadata.name);
    expect(acls.map(({ resource }) => 'name' in resource && resource.name).toSorted()).toEqual(topics.toSorted());
    expect(new Set(acls.flatMap(({ operations }) => operations))).toEqual(new Set(['Describe']));
    const policy = user?.metadata.annotations?.['helm.sh/hook-delete-policy'];
    expect([policy, user?.metadata.annotations?.['helm.sh/resource-policy']]).toEqual([
      'before-hook-creation,hook-succeeded',
      undefined,
    ]);
  });
});
