import { Command } from 'commander';

const more = `
Examples:
  pagebridge smoke-test
  SANDBOX_ORG=globex-eu SMOKE_TEST_SECONDS=30 pagebridge smoke-test

Adds a connection to an org of the sandbox, pages over it, sees the page resolved, and removes the connection. Each step
is a line with its milliseconds; the first failure ends it with code 1 and the reason.

Environment; each may be given as a file, by <NAME>_FILE:
  CONNECTION_MANAGEMENT_URL, HANDLE_SYNC_URL   where the services are
  SANDBOX_CONTROL_URL, SANDBOX_ORG             the sandbox, and its org to page
  SOURCE_ORG                                   org of the alert, default smoke-test; nobody else is to use it
  SMOKE_TEST_SECONDS                           in which all must be done, default 120
  PAGEBRIDGE_TOKEN                             token of an admin of that org, or what requests one:
  TOKEN_ENDPOINT, TOKEN_CLIENT_ID, TOKEN_CLIENT_SECRET, TOKEN_SCOPE
  KAFKA_BROKERS, KAFKA_TLS…                    as for the services, with the rights of alert-producers
`;

/** Returns the command `smoke-test`; `end` gets its exit code. */
export const smokeTestCommand = (end: (code: number) => void): Command =>
  new Command('smoke-test')
    .description('Sends an alert through an installation to the sandbox, and prints each step.')
    .addHelpText('after', more)
    // Loaded on demand: the configuration of the services brings their frameworks.
    .action(async () => end(await (await import('./run-smoke-test.ts')).runSmokeTest()));
