/** Runs everything that Pagebridge needs on one machine, as child processes; production never imports it. */
export { build } from './build.ts';
export { localFolder, root, type StackFolder } from './folder.ts';
export { claimFolder, type Infrastructure, startInfrastructure } from './infrastructure.ts';
export { endLeftovers } from './leftovers.ts';
export { runProgram } from './lifecycle.ts';
export { freePort } from './ports.ts';
export { type LocalProcess, Processes } from './processes.ts';
export { Progress } from './progress.ts';
