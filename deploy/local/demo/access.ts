import { expectThat, type Stage, sourceOrg } from './stage.ts';

/** The fields of a refusal that the story checks. */
interface Refusal {
  readonly detail?: string;
  readonly permission?: string;
}

/** Checks that an admin of another org gets 404 here, and that a viewer may read but not write. */
export async function refuseStrangers(stage: Stage): Promise<void> {
  stage.timeline.begin('Callers without permission are rejected: another org, and a viewer');
  await answersTo(stage, 'vik', 'GET', 200);
  const write = await answersTo(stage, 'vik', 'POST', 403);
  await answersTo(stage, 'bea', 'GET', 404);
  expectThat('the missing permission of vik', write.permission === 'connections:write', write);
  stage.timeline.end(`bea 404, vik 403 ${write.permission}`);
}

async function answersTo(
  { driver, timeline, globex }: Stage,
  name: string,
  method: 'GET' | 'POST',
  expected: number,
): Promise<Refusal> {
  const { org, dataCenter, apiKey, applicationKey } = globex;
  const url = `${driver.info.services.connectionManagement}/v1/source-orgs/${sourceOrg}/connections`;
  const connection = method === 'POST' ? { name: org, dataCenter, apiKey, applicationKey } : undefined;
  const { status, body } = await driver.callAs<Refusal>(name, method, url, connection);
  expectThat(`${expected} for ${method} of ${name}`, status === expected, { status, body });
  timeline.hop({
    at: Date.now(),
    who: 'connection-management',
    where: `${method} …/${sourceOrg}/connections`,
    what: `${status} for ${name}${body.permission ? `, who lacks ${body.permission}` : ''}`,
  });
  if (body.detail) timeline.note(body.detail);
  return body;
}
