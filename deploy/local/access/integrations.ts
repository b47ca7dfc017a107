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
/** The longest life: the console warns of a token in its last 30 days. */
const expiresInDays = 366;

/** Makes an integration as an admin of its org, unless there is one of this name, and returns a new token of it. */
export async function integrate(info: Installed, name: string, kind: IntegrationKind, of = acme): Promise<string> {
  const post = await caller(info, of);
  await post('integrations', { name, kind }, [201, 409]);
  const body = { name: `${name} of this machine`, permissions: ['alerts:write'], integration: name, expiresInDays };
  const { token } = await post('tokens', body, [201]);
  // It is known to alert-intake once Kafka has it.
  await waitFor('the token of the integration', async () => isAccepted(info, token));
  return token;
}

/** Returns whether alert-intake accepts a token. It sends no alert: one that is refused would be shown at its integration. */
async function isAccepted({ services }: Installed, token: string): Promise<boolean> {
  return (
    (await call('GET', `${services.alertIntake}/v1/me`, undefined, { authorization: `Bearer ${token}` })).status === 200
  );
}

/** Returns the token for programs of this machine: that of a former start if it is still accepted, since tokens have a rate. */
export async function intakeInfo(info: Installed, folder: StackFolder): Promise<IntakeInfo> {
  const file = join(folder.path, 'keys', 'intake-token');
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const isUsable = kept !== '' && (await isAccepted(info, kept));
  const token = isUsable ? kept : await integrate(info, 'programs', 'alerts');
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
