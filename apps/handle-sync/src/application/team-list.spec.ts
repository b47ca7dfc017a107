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
  it('has the teams of every page, asks for none past the end, and is complete', async () => {
    addTeams(205);
    const asked: number[] = [];
    const { teams, complete } = await list((pageNumber) => asked.push(pageNumber));
    expect(new Set(teams.map(({ handle }) => handle)).size).toBe(205);
    expect([complete, asked]).toEqual([true, [0, 1, 2]]);
  });

  it('is not complete when a team is deleted while pages are turned', async () => {
    addTeams(150);
    const remove = (pageNumber: number) => {
      const [first] = globex.org.teams.byName();
      if (first && pageNumber === 1) globex.org.teams.remove(first);
    };
    expect((await list(remove)).complete).toBe(false);
    expect((await list()).complete).toBe(true);
  });

  it('is not complete when a team shows twice, has no id, or is missing from the total', async () => {
    expect(await pages({ teams: [team('a')], total: 2 }, { teams: [team('a')], total: 2 })).toMatchObject({
      complete: false,
      teams: [team('a')],
    });
    expect(await pages({ teams: [team('a')], total: 2, unreadable: 1 })).toMatchObject({ complete: false });
    expect(await pages({ teams: [team('a')], total: 2 })).toMatchObject({ complete: false });
    expect(await pages({ teams: [team('a')] })).toMatchObject({ complete: true });
  });

  it('ends where a destination never ends it, and is not complete', async () => {
    let asked = 0;
    const endless = await listTeams(async () => {
      asked += 1;
      return { ok: true, value: { teams: [team(`t${asked}`)], unreadable: 0, last: false } };
    });
    expect(endless).toMatchObject({ ok: true, complete: false });
    expect(asked).toBe(500);
  });

  it('fails where a page fails, whatever was listed before', async () => {
    addTeams(150);
    const failing = list((page) => page === 1 && globex.strike({ kind: 'error', status: 503, body: 'empty' }));
    await expect(failing).rejects.toThrow('503');
  });
});
