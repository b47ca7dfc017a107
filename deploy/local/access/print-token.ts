import { existsSync, readFileSync } from 'node:fs';
import { commandLine, orRefuse } from '../command-line.ts';
import { stackFileOf } from '../folder.ts';
import type { StackInfo } from '../stack/stack-info.ts';
import { clients, roleOf } from './clients.ts';
import { Tokens } from './tokens.ts';

const people = clients.map((client) => `  ${client.name.padEnd(11)} ${roleOf(client)}`);
const help = `npm run -s token -- --as NAME: prints a token of the running npm start, without any other text

${people.join('\n')}

  --as NAME    the client
  --name NAME  the stack of npm start -- --name NAME (start)
  --help       prints this text

In a shell: TOKEN=$(npm run -s token -- --as ada), then -H "authorization: Bearer $TOKEN". It is valid for two hours, and
survives a restart of npm start.
`;
const { values } = commandLine(help, { as: { type: 'string' }, name: { type: 'string', default: 'start' } });
const who = orRefuse(() => knownName(values.as));
const tokens = orRefuse(() => tokensOf(values.name));

function knownName(name: string | undefined): string {
  const names = clients.map((client) => client.name);
  if (name !== undefined && names.includes(name)) return name;
  const missing = name === undefined ? 'give' : `no client ${JSON.stringify(name)}; give`;
  throw new Error(`${missing} --as with one of ${names.join(', ')}`);
}

function tokensOf(name: string): Tokens {
  const file = stackFileOf(name);
  if (existsSync(file)) return new Tokens((JSON.parse(readFileSync(file, 'utf8')) as StackInfo).access);
  const start = name === 'start' ? 'npm start' : `npm start -- --name ${name}`;
  throw new Error(`no stack is running, so there is no token: run ${start} in another terminal`);
}

try {
  process.stdout.write(`${await tokens.of(who)}\n`);
} catch (error) {
  process.stderr.write(`no token: ${(error as Error).message}; is npm start still running?\n`);
  process.exitCode = 1;
}
