import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closePools, openDestination, type TeamList } from '@pagebridge/destination';
import { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { listTeams } from './team-list.ts';

let globex: SandboxOrg;
beforeEach(async () => {
  globex = await SandboxOrg.start({ dataCenter: 'LOCAL' });
});
afterEach(() => globex.stop());
afterAll(closePools);

const addTeams = (count: number) => {
  for (let index = 0; index < count; index += 1) globex.add(`team-${index}`);
};
const list = async (beforePage: (pageNumber: number) => void = () => {}) => {
  const destination = openDestination({ dataCenter: globex.dataCenter, credential: globex.credential() });
  const answer = await listTeams((query) => {
    beforePage(query.pageNumber);
    return destination.teams(query);
  });
  if (!answer.ok) throw new Error(answer.failure.detail);
  return answer;
};
const pages = (...answers: Partial<TeamList>[]) =>
  listTeams(async ({ pageNumber }) => ({
    ok: true,
    value: { teams: [], unreadable: 0, last: pageNumber + 1 >= answers.length, ...answers[pageNumber] },
  }));
const team = (id: string) => ({ id, handle: id, name: id });

describe('a list of teams', () => {
  it('has the teams of every page, reads no page past the last one, and is complete', async () => {
    addTeams(205);
    const asked: number[] = [];
    const { teams, complete } = await list((pageNumber) => asked.push(pageNumber));
    expect(new Set(teams.map(({ handle }) => handle)).size).toBe(205);
    expect([complete, asked]).toEqual([true, [0, 1, 2]]);
  });

  it('is not complete if a team is deleted between two pages', async () => {
    addTeams(150);
    const remove = (pageNumber: number) => {
      const [first] = globex.org.teams.byName();
      if (first && pageNumber === 1) globex.org.teams.remove(first);
    };
    expect((await list(remove)).complete).toBe(false);
    expect((await list()).complete).toBe(true);
  });

  it('is not complete if a team is listed twice, has no id, or is missing from the total', async () => {
    expect(await pages({ teams: [team('a')], total: 2 }, { teams: [team('a')], total: 2 })).toMatchObject({
      complete: false,
      teams: [team('a')],
    });
    expect(await pages({ teams: [team('a')], total: 2, unreadable: 1 })).toMatchObject({ complete: false });
    expect(await pages({ teams: [team('a')], total: 2 })).toMatchObject({ complete: false });
    expect(await pages({ teams: [team('a')] })).toMatchObject({ complete: true });
  });

  it('ends after 500 pages if the destination does not end it, and is not complete', async () => {
    let asked = 0;
    const endless = await listTeams(async () => {
      asked += 1;
      return { ok: true, value: { teams: [team(`t${asked}`)], unreadable: 0, last: false } };
    });
    expect(endless).toMatchObject({ ok: true, complete: false });
    expect(asked).toBe(500);
  });

  it('ends after 50,000 teams, readable or not and whatever the page size, and is not complete', async () => {
    const endless = async (shown: number, unreadable: number) => {
      let asked = 0;
      const listing = await listTeams(async () => {
        asked += 1;
        const teams = Array.from({ length: shown }, (_, index) => team(`t${asked}-${index}`));
        return { ok: true, value: { teams, unreadable, last: false } };
      });
      if (!listing.ok) throw new Error(listing.failure.detail);
      return { asked, teams: listing.teams.length, complete: listing.complete };
    };
    expect(await endless(10_000, 0)).toEqual({ asked: 5, teams: 50_000, complete: false });
    expect(await endless(60_000, 0)).toEqual({ asked: 1, teams: 50_000, complete: false });
    expect(await endless(100, 9900)).toEqual({ asked: 5, teams: 500, complete: false });
    expect(await endless(0, 25_000)).toEqual({ asked: 2, teams: 0, complete: false });
  });

  it('is complete if it ends with its 50,000th team', async () => {
    const answers = Array.from({ length: 500 }, (_, page) => ({
      teams: Array.from({ length: 100 }, (__, index) => team(`t${page}-${index}`)),
      total: 50_000,
    }));
    expect(await pages(...answers)).toMatchObject({ ok: true, complete: true });
  });

  it('fails if a page fails', async () => {
    addTeams(150);
    const failing = list((page) => page === 1 && globex.strike({ kind: 'error', status: 503, body: 'empty' }));
    await expect(failing).rejects.toThrow('503');
  });
});
