import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '@pagebridge/local-stack/base';
import { faultsOf } from './faults-of.ts';
import { nameOf, objectsIn, podTemplateOf } from './kube-object.ts';
import { offencesOf } from './policies.ts';
import { helm, renderWith } from './render.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('docs/deploy-on-kubernetes.md', () => {
  const page = read('docs/deploy-on-kubernetes.md');
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => String(block));
  const objects = renderWith(...blocks);

  it('shows values that the chart takes: those of the services, and what the console, alerts over HTTP and page-history add', async () => {
    expect(blocks).toHaveLength(4);
    expect(await faultsOf(objects)).toEqual([]);
  });

  it('names objects that are there', () => {
    const names = objects.map((object) => nameOf(object).toLowerCase());
    const named = [...page.matchAll(/\b(?:service|deployment|job)\/pagebridge-[a-z-]+/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('the examples', () => {
  const application = objectsIn(read('deploy/examples/argo-cd/application.yaml'));
  const release = objectsIn(read('deploy/examples/flux/helm-release.yaml'));
  const programs = ['dead-letters', 'inspect', 'reseal'];
  const pods = programs.flatMap((name) => objectsIn(read(`deploy/examples/programs/${name}.yaml`)));

  it('run a program as the chart runs services: as its own user of Kafka, with no more rights than it needs', async () => {
    expect(await faultsOf(pods)).toEqual([]);
    expect(offencesOf(pods)).toEqual([]);
    const page = read('docs/deploy-on-kubernetes.md').match(/```yaml\n(.*?)```/s)?.[1] ?? '';
    const objects = renderWith(page);
    const users = objects.filter(({ kind }) => kind === 'KafkaUser').map(({ metadata }) => metadata.name);
    expect(users).toEqual(expect.arrayContaining(programs));
    const ofServices = objects.flatMap((object) => podTemplateOf(object)?.spec.containers ?? []);
    const brokers = (containers: typeof ofServices) =>
      new Set(
        containers
          .flatMap(({ env = [] }) => env.filter(({ name }) => name === 'KAFKA_BROKERS'))
          .map(({ value }) => value),
      );
    const ofPods = pods.flatMap((object) => podTemplateOf(object)?.spec.containers ?? []);
    expect(brokers(ofPods)).toEqual(brokers(ofServices));
  });

  it('are what Argo CD and Flux take', async () => {
    expect(await faultsOf([...application, ...release])).toEqual([]);
  });
});

describe('every upgrade in the documents', () => {
  it('takes the defaults of the new chart, also for keys that the installed one does not have', () => {
    const documents = globSync('{*.md,docs/**/*.md,deploy/**/*.md}', { cwd: root }).map(read);
    const upgrades = documents.flatMap(
      (text) => text.replaceAll('\\\n', ' ').match(/^ *helm (.* )?upgrade .*/gm) ?? [],
    );
    const takesDefaults = /--values |--reset-then-reuse-values/;
    expect(upgrades.length).toBeGreaterThan(3);
    expect(upgrades.filter((command) => !takesDefaults.test(command))).toEqual([]);
    expect(helm('upgrade', '--help').stdout).toContain('--reset-then-reuse-values');
  });
});

describe('an upgrade while MySQL is down', () => {
  it('is documented where it is needed: in the upgrade and in the runbook of services that are not ready', () => {
    const sectionOf = (path: string, heading: string) => read(path).split(`\n## ${heading}\n`)[1]?.split('\n## ')[0];
    expect(sectionOf('docs/operate.md', 'Upgrade')).toContain('`--no-hooks`');
    expect(sectionOf('docs/runbooks/alerts.md', 'PagebridgeNotReady')).toContain('(../operate.md#upgrade)');
    expect(helm('upgrade', '--help').stdout).toContain('--no-hooks');
  });
});
