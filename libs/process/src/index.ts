/** What every program has: its options, its exit codes, and the protection of its keys. Runs before the build too, so it imports nothing of ours. */
export { complaintOf, countIn, momentIn, optionsOf, orUsage, refuseSwallowed, UsageError } from './command-line.ts';
export { exitCodeOf, exitCodes, runProgram } from './exit-code.ts';
export { keepMemoryPrivate } from './private-memory.ts';
export { say, sayError } from './say.ts';
