import { exitCodeOf } from '@pagebridge/programs';
import { program } from './program.ts';

// The reader of the output may close the pipe early: `… | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await exitCodeOf(program);
