import { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { uniqueName } from '@pagebridge/testing';

/** The calls that create a page; those for one team have its id in their body. */
export const creating = { method: 'POST', path: '/api/v2/on-call/pages' };
export const creatingFor = (teamId: string) => ({ ...creating, body: `"${teamId}"` });

const teams = ['team-42', 'team-2', 'team-7', 'team-last', 'team-closed', 'team-dead'];

/** A destination org in a data center of its own, with the teams that commands name and the keys that `sealing` seals. */
export const startGlobex = (surroundings: Parameters<typeof SandboxOrg.start>[1] = {}): Promise<SandboxOrg> =>
  SandboxOrg.start(
    {
      dataCenter: uniqueName('SPEC').toUpperCase(),
      apiKey: 'a'.repeat(32),
      applicationKey: 'good-key',
      teams: teams.map((id) => ({ id, handle: id })),
    },
    surroundings,
  );

/** The pages in the destination that one page command made. */
export const pagesOf = ({ pages }: SandboxOrg, pageId: string) =>
  pages.filter(({ tags }) => tags.includes(`page-id:${pageId}`));
