import { maxMentionLength, mentionsIn, namesWithin } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { promise, type Target, target } from '../target.ts';

const pieces = [
  '@oncall-',
  '@ONCALL-',
  '@',
  'oncall-',
  'core-infra',
  '.',
  '/',
  '_',
  '-',
  ':',
  ' ',
  '\n',
  '😀',
  '\ud800',
  '\u0000',
];
const text = fc
  .tuple(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 }))), repeats())
  .map(([parts, times]) => parts.join('').repeat(times));

function repeats() {
  return fc.constantFrom(1, 1, 1, 1, 50, 2000);
}

// The texts are far longer than an alert may be; with a quadratic algorithm they would take minutes.
const maxMs = 2000;

export const handleTargets = (): Target[] => [
  target('handles', text, (message) => {
    const start = performance.now();
    const mentions = mentionsIn(message);
    promise(new Set(mentions).size === mentions.length, 'one mention counts twice');
    for (const mention of mentions) {
      promise(/^[a-z0-9._:/-]+$/.test(mention), `no mention: ${mention}`);
      let length = mention.length + 1;
      for (const name of namesWithin(mention)) {
        promise(name.length < length && name.length <= maxMentionLength, 'names that do not get shorter');
        length = name.length;
      }
    }
    const took = performance.now() - start;
    promise(took < maxMs, `${took} ms for ${message.length} characters`);
  }),
];
