/** What every program has: its options, and its exit codes. Runs before the build too, so it imports nothing of ours. */
export { complaintOf, countIn, momentIn, optionsOf, orUsage, refuseSwallowed, UsageError } from './command-line.ts';
export { exitCodeOf, exitCodes, runProgram } from './exit-code.ts';
export { say } from './say.ts';
