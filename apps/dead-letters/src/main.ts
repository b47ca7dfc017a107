import { program } from './program.ts';

// Whoever reads the output may stop reading: `… | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await program(process.argv.slice(2));
