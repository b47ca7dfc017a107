/** What every process has: its options, its exit codes, and checks of what it calls. Runs before the build too, so it imports nothing of ours. */
export { bodyWithin } from './body-within.ts';
export { complaintOf, countIn, momentIn, optionsOf, orUsage, refuseSwallowed, UsageError } from './command-line.ts';
export { exitCodeOf, exitCodes, runProgram } from './exit-code.ts';
export { keepMemoryPrivate } from './private-memory.ts';
export { say, sayError } from './say.ts';
export { isLoopback, requirePrivate, urlComplaint } from './urls.ts';
