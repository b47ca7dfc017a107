import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './faults-of.ts';
import type { KubeObject } from './kube-object.ts';
import { offencesOf } from './policies.ts';
import { chart, helm, overlays, renderChart, renderKustomization, valuesFiles } from './render.ts';

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

  it('would be refused with one field more, wherever that stands', async () => {
    const strange = new Map<string, KubeObject>();
    for (const object of renderings.flatMap(({ objects }) => objects)) {
      for (const path of objectsWithin(object)) {
        const place = [object.kind, ...path.map((step) => (/^\d+$/.test(step) ? '*' : step))].join('.');
        if (!strange.has(place)) strange.set(place, strangeAt(object, path, strange.size));
      }
    }
    expect(strange.size).toBeGreaterThan(200);
    const refused = (await faultsOf([...strange.values()])).map((fault) => Number(/\/object-(\d+)/.exec(fault)?.[1]));
    expect([...strange.keys()].filter((_, number) => !refused.includes(number))).toEqual([]);
  });
});

describe('helm lint', () => {
  it.each(valuesFiles.map((file) => [basename(file), file]))('finds nothing with %s', (_, file) => {
    const { status, stdout, stderr } = helm('lint', '--strict', '--quiet', chart, '--values', file);
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  });
});

type Path = readonly string[];

function objectsWithin(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const within = Object.entries(value).flatMap(([step, each]) => objectsWithin(each, [...path, step]));
  return Array.isArray(value) ? within : [path, ...within];
}

/** A copy by another name, with a field there that no schema knows. */
function strangeAt({ metadata, ...rest }: KubeObject, path: Path, number: number): KubeObject {
  const copy = structuredClone({ ...rest, metadata: { ...metadata, name: `object-${number}` } });
  const place = path.reduce((at, step) => at[step] as Record<string, unknown>, copy as Record<string, unknown>);
  place.strange = {};
  return copy as KubeObject;
}
