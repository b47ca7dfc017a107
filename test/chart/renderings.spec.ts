import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './faults-of.ts';
import { helm } from './kube-tools.ts';
import { chart, overlays, renderings, valuesFiles } from './render.ts';

describe('what is rendered', () => {
  it('is something', () => {
    expect(valuesFiles.length).toBeGreaterThan(0);
    expect(overlays.length).toBeGreaterThan(0);
    for (const [, render] of renderings) expect(render().length).toBeGreaterThan(10);
  });

  it('is what the schemas of Kubernetes and its operators say, and holds nothing else', async () => {
    expect(await faultsOf(renderings.flatMap(([, render]) => render()))).toEqual([]);
  });
});

describe('helm lint', () => {
  it.each(valuesFiles)('finds nothing with %s', (file) => {
    const { status, stdout, stderr } = helm('lint', '--strict', '--quiet', chart, '--values', file);
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  });
});
