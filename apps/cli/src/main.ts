import { exitCodeOf } from '@pagebridge/process';
import { program } from './program.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(1);
    // Its reader has enough: `… | head`. Only the printing ends, since what fails must fail, and a replay must send.
    stream.write = () => true;
    stream.emit('drain');
  });
}

process.exitCode = await exitCodeOf(program);
