import { describe, expect, it } from '@jest/globals';
import { requiredPermissions } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import type { Check } from '../../domain/credentials/check.ts';
import type { Destination } from '../ports.ts';
import { KeyCheck, KeysUnjudged } from './check-keys.ts';

const clock = { sleep: async () => undefined } as never;
const url = 'https://destination.example';
const dataCenter = { name: 'EU1', site: 'example.test', location: 'here', apiUrl: url, pagingUrl: url };
const permissions = requiredPermissions.map(({ name }) => name as string);
const org = { id: 'org-1', name: 'Globex' };
const user = { id: 'account-1', serviceAccount: true, disabled: false, permissions, org };

const keyCheck = (destination: Destination) => new KeyCheck({ open: () => destination }, clock);

const refused = { kind: 'refused', detail: 'Forbidden' };
const away = { kind: 'unavailable', cause: 'unreachable', detail: '503' };
const answer = (...values: readonly unknown[]) =>
  fc.constantFrom<object>(refused, away, ...values.map((value) => ({ kind: 'answered', value })));
// The keys are mostly good: otherwise most questions are never asked.
const mostly = (good: unknown, ...others: readonly unknown[]) => answer(good, good, good, good, ...others);
const answers = fc.record({
  acceptsApiKey: mostly(true, false),
  acceptsKeyPair: mostly(true, false),
  user: mostly(user, { ...user, permissions: undefined }, { ...user, permissions: [], org: { id: 'o', name: 'O' } }),
  applicationKeys: answer([{ last4: 'wxyz', scopes: null }], [{ last4: 'wxyz', scopes: ['teams_read'] }], []),
  readsUsers: answer(true),
  teams: answer([], ['team-1', 'team-2']),
  readsRoutingRules: answer(true),
} satisfies Record<keyof Destination, unknown>);

describe('a check of keys', () => {
  it('announces each check once, with its result in the end, whatever the answers are and whenever they come', () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        answers,
        fc.constantFrom('ddapp_key-wxyz', 'ddpat_key-wxyz'),
        fc.constantFrom(org, undefined),
        async (scheduler, said, applicationKey, expectedOrg) => {
          const questions = Object.entries(said).map(([name, its]) => [
            name,
            scheduler.scheduleFunction(async () => its),
          ]);
          const destination: Destination = Object.fromEntries(questions);
          const announced: Check[] = [];
          const announce = (check: Check) => announced.push(check);
          const keys = { apiKey: 'api-key-0001', applicationKey };
          const judged = keyCheck(destination).judge(dataCenter, keys, announce, expectedOrg);
          const checks = judged.then(
            (verdict) => verdict.checks,
            (error: unknown) =>
              error instanceof KeysUnjudged ? (error.extra.checks as Check[]) : Promise.reject(error),
          );
          const all = await scheduler.waitFor(checks);
          const byName = (a: Check, b: Check) => a.name.localeCompare(b.name);
          expect(announced.toSorted(byName)).toEqual(all.toSorted(byName));
        },
      ),
    ));

  it('announces a check before the next question is answered', async () => {
    const pending = new Promise<never>(() => undefined);
    const destination = {
      acceptsApiKey: async () => ({ kind: 'answered', value: true }),
      acceptsKeyPair: () => pending,
    };
    const announced: string[] = [];
    await new Promise<void>((resolve) => {
      const announce = ({ name, result }: Check) => {
        announced.push(`${name} ${result}`);
        if (name === 'api-key') resolve();
      };
      const keys = { apiKey: 'api-key-0001', applicationKey: 'ddapp_key-wxyz' };
      void keyCheck(destination as unknown as Destination).judge(dataCenter, keys, announce);
    });
    expect(announced).toEqual(['application-key-kind passed', 'api-key passed']);
  });
});
