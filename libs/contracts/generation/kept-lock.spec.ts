import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { cards } from '../src/index.ts';
import { incompatibilities, type Lock } from './compatibility.ts';
import { lockOf } from './lock.ts';

const kept = new URL('../../../test/recording/kept/contracts.lock.json', import.meta.url);

it('the cards are compatible with the records that the services of the recorded commit wrote', () => {
  const recorded = JSON.parse(readFileSync(kept, 'utf8')) as Lock;
  expect(incompatibilities(recorded, lockOf(cards))).toEqual([]);
});
