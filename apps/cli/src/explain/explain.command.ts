import { sayError } from '@pagebridge/process';
import { handleOf, mentionsIn } from '@pagebridge/vocabulary';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { act, type End, type Run, textIn } from '../http/act.ts';
import { isForPeople, printOne } from '../output/items.ts';
import { outputOption } from '../output/output.ts';
import { addOrg, commandOf } from '../resources/commands.ts';
import { objectIn } from '../resources/given.ts';
import { type Explanation, meantPages, notPaged, textOfExplanation } from './explanation.ts';

const explainLooks = {
  does: 'Explain whom an alert would page, without sending it. The alert names its source org.',
  examples: `pagebridge explain -f alert.json
    pagebridge explain -f alert.json --expect @oncall-core-infra && echo as expected`,
};
const whyLooks = {
  does: 'Explain which team a handle pages for a source org, and why. Exit code 1: it pages nobody; 3: unknown handle.',
  examples: `pagebridge why @oncall-core-infra --org acme-us
    pagebridge why globex-eu/core-infra`,
};

/** Returns the command `explain`; `end` gets its exit code. */
export function explainCommand(end: End): Command {
  const command = commandOf('explain', explainLooks)
    .requiredOption('-f, --file <file>', 'alert or CloudEvent as JSON or YAML; - is standard input')
    .option('--expect <handles...>', 'handles or teams that must be paged; otherwise exit code 1')
    .addOption(outputOption());
  return act(command, end, async (run) => {
    const explanation = await explain(run, objectIn('--file', textIn(run.options, 'file') ?? '-'));
    const missing = notPaged(explanation, (run.options.expect ?? []) as readonly string[]);
    for (const handle of missing) sayError(`not as expected: ${handle} is not paged`);
    return missing.length > 0 || explanation.refused ? exitCodes.failed : exitCodes.done;
  });
}

/** Returns the command `why`; `end` gets its exit code. */
export function whyCommand(end: End): Command {
  const command = addOrg(commandOf('why', whyLooks)).argument('<handle>', 'handle; @oncall- is optional');
  return act(command.addOption(outputOption()), end, async (run) => {
    const [handle = ''] = run.args;
    const mentioned = mentionsIn(handle).length > 0 ? handle : handleOf(handle);
    const alert = { sourceOrg: run.org, alertKey: 'why', title: 'why', message: mentioned, occurredAt: new Date() };
    const explanation = await explain(run, { ...alert, transition: 'triggered', origin: 'monitor' });
    if (meantPages(explanation).length > 0) return exitCodes.done;
    const isUnknown = explanation.decisions.some(
      ({ reason, matched }) => reason === 'unknown-handle' || matched === 'fallback',
    );
    return isUnknown ? exitCodes.notFound : exitCodes.failed;
  });
}

async function explain({ services, form }: Run, alert: object): Promise<Explanation> {
  const { body } = await services.call('POST', 'page-routing', '/v1/explain', { body: alert });
  const explanation = body as unknown as Explanation;
  if (isForPeople(form)) process.stdout.write(textOfExplanation(explanation));
  else printOne(body, { names: ['alert'] }, form);
  return explanation;
}
