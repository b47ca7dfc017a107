import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { IntegrationKind } from '@pagebridge/vocabulary';
import { dialects } from '../../../harness/hostile-bodies/dialects.ts';
import { hostileBody, type Shape, withToken, worst } from '../../../harness/hostile-bodies/hostile-bodies.ts';
import type { Packed, Packing } from '../attacked.ts';

const { file, tokens } = JSON.parse(process.argv[2] ?? '{}') as Packing;
/** Requests of a large group, each with alerts of its own: so many are more than an instance takes of them in the time of an attack. */
const variants = ({ alerts }: Shape): number => (alerts >= 10_000 ? 8 : 1);
const roomForKey = 100;

function packed(shape: Shape, token: string | undefined, run: string): Packed {
  const { kind } = shape;
  const { path, maxBytes, contentType } = dialects[kind];
  const text = hostileBody(shape, maxBytes - roomForKey, run);
  const isHeader = kind !== 'pagerduty' && token !== undefined;
  return {
    path,
    headers: {
      'content-type': contentType,
      'content-encoding': 'gzip',
      ...(isHeader ? { authorization: `Bearer ${token}` } : {}),
    },
    body: gzipSync(token === undefined ? text : withToken(kind, text, token)).toString('base64'),
  };
}

const all = (kind: IntegrationKind, token: string | undefined): Packed[] =>
  worst[kind].flatMap((shape, m) =>
    Array.from({ length: variants(shape) }, (_, n) => packed(shape, token, `attack-${m}-${n}-${process.pid}`)),
  );
const attackers = Object.entries(tokens).map(([kind, token]) => all(kind as IntegrationKind, token));
const strangers = [...all('pagerduty', undefined), ...all('pagerduty', `pbt_${'x'.repeat(36)}`)];
writeFileSync(file, JSON.stringify({ attackers, strangers }));
process.stdout.write('{}\n');
