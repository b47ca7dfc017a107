import { describe, expect, it } from '@jest/globals';
import type { AlertState } from '@pagebridge/contracts';
import { begin } from '../attempts/attempt.ts';
import { settle } from '../attempts/settle.ts';
import { after, aPage, at } from '../commands/commands.features.ts';
import { leanest, setAside } from './set-aside.ts';

const now = at('12:01');
const first = aPage({ teamId: 'team-1' });
const second = aPage({ teamId: 'team-2' });
const announced = begin(after(first), first.pageId, now);
const statuses = ({ pages }: AlertState) => pages.map(({ teamId, status }) => [teamId, status]);

describe('an alert that the ledger cannot hold', () => {
  it('gives up the pages without a call, with the reason', () => {
    const aside = setAside(after(first, second), undefined, 'it is too large', now);

    expect(statuses(aside)).toEqual([
      ['team-1', 'undeliverable'],
      ['team-2', 'undeliverable'],
    ]);
    expect(aside.pages).toMatchObject([{ reason: 'unwritable', lastError: 'it is too large', attempts: 0 }, {}]);
  });

  it('keeps a page whose attempt was written before, since it may exist', () => {
    expect(statuses(setAside(announced, announced, 'too large', now))).toEqual([['team-1', 'attempting']]);
  });

  it('gives up a page whose attempt is only in the refused write', () => {
    const aside = setAside(announced, after(first), 'too large', now);

    expect(aside.pages).toMatchObject([{ status: 'undeliverable', attempts: 0 }]);
  });
});

describe('the reduced record', () => {
  it('holds the data that a recovery needs, and no pages whose outcomes are published', () => {
    const delivered = settle(announced, first.pageId, { kind: 'created', destinationPageId: 'd-1' }, now);
    const [page] = leanest(delivered).pages;

    expect(page).toMatchObject({ status: 'delivered', destinationPageId: 'd-1', pageId: first.pageId });
    expect(page).not.toHaveProperty('content');
  });

  it('still lists the outcome of a page that was given up, without its text', () => {
    const [page] = leanest(setAside(after(first), undefined, 'too large', now)).pages;

    expect(page).toMatchObject({ status: 'undeliverable', unreported: ['undeliverable'], lastError: 'too large' });
    expect(page).not.toHaveProperty('content');
    expect(page).not.toHaveProperty('command');
  });

  it('keeps the text of a page that is still to be attempted', () => {
    const [page] = leanest(after(first)).pages;

    expect(page?.content?.title).toBe(first.title);
  });
});
