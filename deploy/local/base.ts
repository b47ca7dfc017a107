/** The part of the local stack that needs nothing built: it runs before the build, and runs it. */
export { build } from './build.ts';
export { commandLine } from './command-line.ts';
export { localFolder, root, type StackFolder } from './folder.ts';
export { claimFolder, type Given, type Infrastructure, startInfrastructure } from './infrastructure.ts';
export { endLeftovers } from './leftovers.ts';
export { runProgram } from './lifecycle.ts';
export { freePort, freePorts } from './ports.ts';
export { childEnvironment, type LocalProcess, Processes, type ProcessSpec } from './processes.ts';
export { Progress } from './progress.ts';
