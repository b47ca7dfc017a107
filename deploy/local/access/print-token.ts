import { existsSync, readFileSync } from 'node:fs';
import { commandLine, orRefuse } from '../command-line.ts';
import { stackFileOf } from '../folder.ts';
import type { StackInfo } from '../stack/stack-info.ts';
import { clients, roleOf } from './clients.ts';
import { Tokens } from './tokens.ts';

const people = clients.map((client) => `  ${client.name.padEnd(11)} ${roleOf(client)}`);
const help = `npm run -s token -- --as NAME: print an access token for the running npm start

${people.join('\n')}

  --as NAME    client
  --name NAME  name of the stack, as in npm start -- --name NAME (start)
  --help       print this help

In a shell: TOKEN=$(npm run -s token -- --as ada), then -H "authorization: Bearer $TOKEN". The token is valid for two hours,
also after a restart of npm start.
`;
const { values } = commandLine(help, { as: { type: 'string' }, name: { type: 'string', default: 'start' } });
const who = orRefuse(() => knownName(values.as));
const tokens = orRefuse(() => tokensOf(values.name));

function knownName(name: string | undefined): string {
  const names = clients.map((client) => client.name);
  if (name !== undefined && names.includes(name)) return name;
  const missing = name === undefined ? '--as is missing' : `no client ${JSON.stringify(name)}`;
  throw new Error(`${missing}\nhint: use --as with one of ${names.join(', ')}`);
}

function tokensOf(name: string): Tokens {
  const file = stackFileOf(name);
  if (existsSync(file)) return new Tokens((JSON.parse(readFileSync(file, 'utf8')) as StackInfo).access);
  const start = name === 'start' ? 'npm start' : `npm start -- --name ${name}`;
  throw new Error(`no stack is running\nhint: run ${start} in another terminal`);
}

try {
  process.stdout.write(`${await tokens.of(who)}\n`);
} catch (error) {
  process.stderr.write(
    `error: cannot get a token: ${(error as Error).message}\nhint: check that npm start is running\n`,
  );
  process.exitCode = 1;
}
