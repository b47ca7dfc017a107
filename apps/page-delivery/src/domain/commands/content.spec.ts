import { expect, it } from '@jest/globals';
import { contentLength } from './content.ts';

const link = { title: 'Monitor', url: 'https://acme.example/monitors/1' };

it.each([
  ['no tags and no links', [], []],
  ['a tag and a link', ['service:web'], [link]],
  ['several of both', ['service:web', 'env:prod', 'team:core'], [link, link]],
])('is never less than the length of the text as JSON, with %s', (_what, tags, links) => {
  const content = { title: 'High memory', description: 'Above 90 %.', tags, links };
  const written = JSON.stringify(content).length;
  expect(contentLength(content)).toBeGreaterThanOrEqual(written);
  expect(contentLength(content)).toBeLessThan(written + 5);
});
