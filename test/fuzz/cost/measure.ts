import { hostileBody, ordinaryBody } from '../../harness/hostile-bodies/hostile-bodies.ts';
import { costOf, weightOf } from './cost.ts';
import type { Asked, Measured } from './cost-targets.ts';

/* Measures the bodies that its parent asks for, one after the other. */
process.on('message', async (asked: Asked) => process.send?.(await measured(asked)));

async function measured({ kind, length, shape }: Asked): Promise<Measured> {
  const body = shape ? hostileBody(shape, length, 'fuzz') : ordinaryBody(kind, length, 'fuzz');
  const bytes = Buffer.from(body);
  try {
    return { cost: await costOf(kind, bytes, length), weight: await weightOf(kind, bytes) };
  } catch (error) {
    return { threw: (error as Error).stack ?? String(error) };
  }
}
