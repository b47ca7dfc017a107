import { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { uniqueName } from '@pagebridge/testing';

/** Matches the calls that create a page; `creatingFor` matches those for one team by the id in their body. */
export const creating = { method: 'POST', path: '/api/v2/on-call/pages' };
export const creatingFor = (teamId: string) => ({ ...creating, body: `"${teamId}"` });

const teams = ['team-42', 'team-2', 'team-7', 'team-last', 'team-closed', 'team-dead'];

/** Starts a destination org in its own data center, with the teams of the commands and the keys of `sealing`. */
export const startGlobex = (dependencies: Parameters<typeof SandboxOrg.start>[1] = {}): Promise<SandboxOrg> =>
  SandboxOrg.start(
    {
      dataCenter: uniqueName('SPEC').toUpperCase(),
      apiKey: 'a'.repeat(32),
      applicationKey: 'good-key',
      teams: teams.map((id) => ({ id, handle: id })),
    },
    dependencies,
  );

/** Returns the pages in the destination that one page command created. */
export const pagesOf = ({ pages }: SandboxOrg, pageId: string) =>
  pages.filter(({ tags }) => tags.includes(`page-id:${pageId}`));
