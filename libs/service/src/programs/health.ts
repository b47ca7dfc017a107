const help = `health: prints what the service of this container waits for, as its /health/ready says it

It asks where MANAGEMENT_HOST and MANAGEMENT_PORT say. Exit code 0: the service is ready; 1: it is not, or does not answer.
`;

/** The host of a URL: an IPv6 address stands in brackets there. */
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

async function health(): Promise<number> {
  const { MANAGEMENT_HOST: host = '127.0.0.1', MANAGEMENT_PORT: port } = process.env;
  if (port === undefined) {
    process.stderr.write('health: MANAGEMENT_PORT is not set: say on which port the service answers\n');
    return 2;
  }
  const url = `http://${inUrl(host)}:${port}/health/ready`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    process.stdout.write(`${JSON.stringify(await response.json(), null, 2)}\n`);
    return response.ok ? 0 : 1;
  } catch (error) {
    process.stderr.write(`health: ${url} does not answer: ${String((error as Error).cause ?? error)}\n`);
    return 1;
  }
}

if (process.argv.length > 2) process.stdout.write(help);
else process.exitCode = await health();
