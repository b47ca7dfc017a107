import { exitCodes, runProgram, UsageError } from '@pagebridge/process';

const help = `health: print the response of /health/ready of the service in this container

It calls MANAGEMENT_PORT on MANAGEMENT_HOST. Exit code 0: the service is ready; 1: it is not ready, or unreachable.
`;

/** Returns a host in the form that a URL needs: an IPv6 address in brackets. */
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

await runProgram(help, {}, async () => {
  const { MANAGEMENT_HOST: host = '127.0.0.1', MANAGEMENT_PORT: port } = process.env;
  if (port === undefined) {
    throw new UsageError('health: MANAGEMENT_PORT is not set: set it to the management port of the service');
  }
  const url = `http://${inUrl(host)}:${port}/health/ready`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    process.stdout.write(`${JSON.stringify(await response.json(), null, 2)}\n`);
    return response.ok ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    process.stderr.write(`health: ${url} does not answer: ${String((error as Error).cause ?? error)}\n`);
    return exitCodes.failed;
  }
});
