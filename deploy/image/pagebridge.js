/*
 * The entry point of the image: the first argument names the program, the others are passed to it. The program runs in this
 * process, so that signals reach it.
 */
import { fileURLToPath } from 'node:url';
import { programs } from './programs.js';

const names = Object.keys(programs);
const help = `Usage: <command> [options]

${names.map((name) => `  ${name.padEnd(24)}${programs[name].does}`).join('\n')}

Services are configured by variables of their environment. pagebridge, republish,
 sealing-keys and health take --help.
`;

// The kernel ignores unhandled signals for process 1, so a container would run until it is killed. This handler exits as
// any other process would; a program with its own handler decides itself.
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
  process.stderr.write(`there is no command ${JSON.stringify(name)}; the commands are: ${names.join(', ')}\n`);
  process.exitCode = 2;
}
