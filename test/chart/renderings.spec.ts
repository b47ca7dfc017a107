import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './faults-of.ts';
import { helm } from './kube-tools.ts';
import { offencesOf } from './policies.ts';
import { chart, overlays, renderChart, renderKustomization, valuesFiles } from './render.ts';

const renderings = [
  ...valuesFiles.map((file) => ({ what: `the chart with ${basename(file)}`, objects: renderChart(file) })),
  ...overlays.map((folder) => ({ what: `the overlay ${basename(folder)}`, objects: renderKustomization(folder) })),
];

describe.each(renderings)('$what', ({ objects }) => {
  it('has services, and breaks no policy', () => {
    expect(objects.filter(({ kind }) => kind === 'Deployment').length).toBeGreaterThanOrEqual(4);
    // Objects of a user's own are as the user likes.
    expect(offencesOf(objects.filter(({ metadata }) => !metadata.name.endsWith('-extra')))).toEqual([]);
  });
});

describe('everything that is rendered', () => {
  it('comes from each file of values and each overlay', () => {
    expect(valuesFiles.length).toBeGreaterThan(0);
    expect(overlays.length).toBeGreaterThan(0);
  });

  it('is what the schemas of Kubernetes and its operators say, and holds nothing else', async () => {
    expect(await faultsOf(renderings.flatMap(({ objects }) => objects))).toEqual([]);
  });
});

describe('helm lint', () => {
  it.each(valuesFiles.map((file) => [basename(file), file]))('finds nothing with %s', (_, file) => {
    const { status, stdout, stderr } = helm('lint', '--strict', '--quiet', chart, '--values', file);
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  });
});
