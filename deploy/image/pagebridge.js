/*
 * The entry of the image: the first argument names the program, the others are its own. It runs in this process, so that
 * signals reach it.
 */
import { fileURLToPath } from 'node:url';
import { programs } from './programs.js';

const names = Object.keys(programs);
const help = `Usage: <command> [options]

${names.map((name) => `  ${name.padEnd(24)}${programs[name].does}`).join('\n')}

Services are configured by variables of their environment. dead-letters, reseal, republish, topics, acls,
sealing-keys and health take --help.
`;

// The first process of a container is spared by signals that nobody handles, and would run on until it is killed. Alone,
// this is what happens elsewhere; a program with a handler of its own stops as it likes.
for (const [signal, number] of /** @type {const} */ ([
  ['SIGINT', 2],
  ['SIGTERM', 15],
])) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(128 + number);
  });
}

const [, , name = '--help'] = process.argv;
const program = Object.hasOwn(programs, name) ? new URL(programs[name].file, import.meta.url) : undefined;
if (program !== undefined) {
  process.argv.splice(1, 2, fileURLToPath(program));
  await import(program.href);
} else if (name === '--help' || name === '-h' || name === 'help') {
  process.stdout.write(help);
} else {
  process.stderr.write(`there is no command ${JSON.stringify(name)}; there are: ${names.join(', ')}\n`);
  process.exitCode = 2;
}
