import { say } from '@pagebridge/process';
import type { Chosen } from '../contexts/chosen-context.ts';
import { LoginStore } from './login-store.ts';

/** Forgets the login of a context, and ends it at the provider that gave it; resolves to whether there was one. Throws CommandError. */
export async function forgetLogin(chosen: Pick<Chosen, 'name' | 'context'>): Promise<boolean> {
  const store = new LoginStore(process.env);
  const login = store.find(chosen.name);
  if (!login) return false;
  await store.set(chosen.name, undefined);
  say(`Logged out of ${chosen.name}.`);
  if (login.refreshToken === undefined || login.issuer !== chosen.context.issuer) return true;
  const { revoke } = await import('./issuer.ts');
  await revoke(chosen, login.refreshToken);
  return true;
}
