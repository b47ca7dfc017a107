import { say } from '@pagebridge/process';
import type { Command } from 'commander';

import { CommandError, exitCodes } from '../exit-codes.ts';
import { act, type End, type Run, textIn } from '../http/act.ts';
import { type Item, isForPeople, printList, printOne } from '../output/items.ts';
import { outputOption } from '../output/output.ts';
import { commandOf } from '../resources/commands.ts';
import { secretIn } from '../resources/given.ts';
import { addressesOf, tokenIn } from './access-token.ts';
import { forgetLogin } from './forget-login.ts';
import { LoginStore } from './login-store.ts';

const loginLooks = {
  does: 'Log in to the context with a code that you confirm in a browser on any machine.',
  examples: `pagebridge login
    pagebridge --context prod login
    pagebridge login --token-file terraform.token`,
};
const logoutLooks = {
  does: 'Log out of the context and revoke its token at the provider.',
  examples: 'pagebridge logout',
};
const whoamiLooks = {
  does: 'Print your identity and your permissions in each source org.',
  examples: 'pagebridge whoami',
};

/** Returns the command `login`; `end` gets its exit code. */
export function loginCommand(end: End): Command {
  const command = commandOf('login', loginLooks).option(
    '--token-file <file>',
    'file with a token to store; - is standard input',
  );
  return act(command, end, async ({ chosen, options }) => {
    const store = new LoginStore(process.env);
    const file = textIn(options, 'tokenFile');
    if (file === undefined) {
      const { logIn } = await import('./issuer.ts');
      await store.set(chosen.name, await logIn(chosen, say));
    } else {
      const accessToken = tokenIn('--token-file', secretIn('--token-file', file));
      await store.set(chosen.name, { accessToken, addresses: addressesOf(chosen) });
    }
    say(`Logged in to ${chosen.name}. To list your permissions, run: pagebridge whoami`);
    return exitCodes.done;
  });
}

/** Returns the command `logout`; `end` gets its exit code. */
export function logoutCommand(end: End): Command {
  return act(commandOf('logout', logoutLooks), end, async ({ chosen }) => {
    if (!(await forgetLogin(chosen))) throw new CommandError(exitCodes.notFound, `not logged in to ${chosen.name}`);
    return exitCodes.done;
  });
}

/** Returns the command `whoami`; `end` gets its exit code. */
export function whoamiCommand(end: End): Command {
  return act(commandOf('whoami', whoamiLooks).addOption(outputOption()), end, async ({ services, form }: Run) => {
    const { body } = await services.call('GET', 'connection-management', '/v1/me');
    if (!isForPeople(form)) printOne(body, { names: ['subject'] }, form);
    else {
      say(`${body.subject} of ${body.issuer}`);
      printList(body.grants as readonly Item[], { columns: 'sourceOrg permissions', names: ['sourceOrg'] }, form);
    }
    return exitCodes.done;
  });
}
