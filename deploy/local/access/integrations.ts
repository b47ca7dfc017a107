import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@pagebridge/testing';
import type { IntegrationKind } from '@pagebridge/vocabulary';
import type { StackFolder } from '../folder.ts';
import { call } from '../stack/call.ts';
import type { IntakeInfo, StackInfo } from '../stack/stack-info.ts';
import { Tokens } from './tokens.ts';

/** What is needed to make an integration. */
export type Installed = Pick<StackInfo, 'services' | 'access'>;

const acme = { sourceOrg: 'acme-us', as: 'ada' };
const expiresInDays = 30;

/** Makes an integration as an admin of its org, unless there is one of this name, and returns a new token of it. */
export async function integrate(info: Installed, name: string, kind: IntegrationKind, of = acme): Promise<string> {
  const post = await caller(info, of);
  await post('integrations', { name, kind }, [201, 409]);
  const body = { name: `${name} of this machine`, permissions: ['alerts:write'], integration: name, expiresInDays };
  const { token } = await post('tokens', body, [201]);
  // It is known to alert-intake once Kafka has it.
  await waitFor('the token of the integration', async () => (await statusWith(info, token)) !== 401);
  return token;
}

/** Returns the answer of alert-intake to no alerts at all: 400 for a token of programs, 401 for one that is not accepted. */
async function statusWith({ services }: Installed, token: string): Promise<number> {
  const authorization = `Bearer ${token}`;
  return (await call('POST', `${services.alertIntake}/v1/intake/alerts`, [], { authorization })).status;
}

/** Returns the token for programs of this machine: that of a former start if it is still accepted, since tokens have a rate. */
export async function intakeInfo(info: Installed, folder: StackFolder): Promise<IntakeInfo> {
  const file = join(folder.path, 'keys', 'intake-token');
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const isAccepted = kept !== '' && (await statusWith(info, kept)) === 400;
  const token = isAccepted ? kept : await integrate(info, 'programs', 'alerts');
  writeFileSync(file, token, { mode: 0o600 });
  return { sourceOrg: acme.sourceOrg, token };
}

async function caller({ services, access }: Installed, { sourceOrg, as }: typeof acme) {
  const authorization = `Bearer ${await new Tokens(access).of(as)}`;
  return async (what: string, body: object, statuses: readonly number[]): Promise<{ readonly token: string }> => {
    const url = `${services.connectionManagement}/v1/source-orgs/${sourceOrg}/${what}`;
    const answer = await call<{ token: string }>('POST', url, body, { authorization });
    if (statuses.includes(answer.status)) return answer.body;
    throw new Error(`${url} answers ${answer.status}: ${JSON.stringify(answer.body)}`);
  };
}
