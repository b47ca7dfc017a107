import { say } from '@pagebridge/process';
import type { Answer } from '@pagebridge/trace';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { act, type End, type Run } from '../http/act.ts';
import { timeoutOption, watched } from '../http/watch.ts';
import { printOne } from '../output/items.ts';
import { outputOption } from '../output/output.ts';
import { addOrg, agreed, commandOf, resourceCommand } from '../resources/commands.ts';
import { connections } from '../resources/connections.command.ts';
import { fieldsIn } from '../resources/given.ts';
import { handles } from '../resources/handles.command.ts';
import { idOf, listPath, namesOf, type Resource } from '../resources/resource.ts';

const testPages: Resource = {
  ...{ noun: 'test page', service: 'alert-intake', path: '/v1/source-orgs/{org}/test-pages', names: ['id'] },
  columns: 'id alertKey sentAt',
};

const looks = {
  does: 'Send a test page to a team and print the result. This wakes the person on call.',
  options: [timeoutOption],
  examples: `pagebridge test-page send globex-eu --team core-infra
    pagebridge test-page send globex-eu --team core-infra --yes -o json | jq -r .answer

  Exit code 1: nobody was paged; 5: no result in time.`,
} as const;

const group = resourceCommand('test-page', 'Send and end test pages.', testPages, {
  end: {
    kind: 'remove',
    does: 'Resolve a test page. Test pages are resolved automatically after ten minutes.',
    examples: 'pagebridge test-page end 5a0f3c9e-8c1d-4b7e-9a55-1f0e6a2b7c31',
  },
});

/** Returns the commands for test pages; `end` gets the exit code. */
export function testPageCommand(end: End): Command {
  const command = addOrg(commandOf('send', looks))
    .argument('<connection>', namesOf(connections))
    .requiredOption('--team <team>', 'handle of the team in the destination')
    .option('--no-wait', 'do not wait for the result')
    .option('--yes', 'skip the confirmation')
    .addOption(outputOption());
  return group(end).addCommand(act(command, end, send));
}

async function send(run: Run): Promise<number> {
  // Before anybody is woken: a time that is no number would wait for ever.
  fieldsIn(run.options, looks.options);
  const { services, options, org, form } = run;
  const { service } = testPages;
  // Whoever is woken shall not be woken for an answer that nobody can read.
  if (options.wait) services.addressOf('page-history');
  const handle = await handleOf(run, run.args[0] ?? '', String(options.team));
  await agreed(`page ${handle} of ${org} in ${run.placeOf(service)}: this wakes the person on call.`, options.yes);
  const { body: sent } = await services.call('POST', service, listPath(run, testPages), { body: { handle } });
  say(
    `Sent by ${run.placeOf(service)}. It is resolved within ten minutes. To resolve it now, run: pagebridge test-page end ${sent.id}`,
  );
  const answer = options.wait ? await answerTo(run, sent.alertKey) : undefined;
  printOne({ ...sent, ...(answer ? { result: answer.kind, answer: answer.sentence } : {}) }, testPages, form);
  if (answer?.kind === 'not-paged') return exitCodes.failed;
  return answer && answer.kind !== 'paged' ? exitCodes.unavailable : exitCodes.done;
}

/** Returns the handle of a team over this connection alone. Rejects with CommandError if no team has it: its page would go to the fallback of the org. */
async function handleOf(run: Run, connection: string, team: string): Promise<string> {
  const name = team.toLowerCase().replace(/^@?oncall-/, '');
  const query = { query: name, connection: await idOf(run, connections, connection) };
  const { items } = await run.services.list(handles.service, listPath(run, handles), query, 1000);
  const found = items.find(({ teamHandle }) => teamHandle === name);
  if (found) return String(found.qualifiedHandle);
  const cure = `pagebridge handles ls --connection ${connection}`;
  throw new CommandError(exitCodes.notFound, `${connection} has no team ${name}\nhint: list its teams with ${cure}`);
}

/** Returns what became of an alert once it is settled, or what is known of it when the time is over. */
async function answerTo(run: Run, alertKey: unknown): Promise<Answer> {
  let answer: Answer | undefined;
  const path = `/v1/source-orgs/${run.org}/trace`;
  await watched(run, async () => {
    const { body } = await run.services.call('GET', 'page-history', path, { query: { alertKey } });
    answer = body.answer as Answer;
    return ['paged', 'not-paged'].includes(answer.kind) || undefined;
  });
  return answer ?? { kind: 'unknown', sentence: '' };
}
