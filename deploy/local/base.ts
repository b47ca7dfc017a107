/** The part of the local stack that works before the build, and runs the build. */
export { build, builtVariable } from './build.ts';
export { commandLine, optionsOf, UsageError } from './command-line.ts';
export { localFolder, root, type StackFolder, secureFolder } from './folder.ts';
export {
  claimFolder,
  type Given,
  givenInEnvironment,
  type Infrastructure,
  startInfrastructure,
} from './infrastructure/infrastructure.ts';
export { startKafka } from './infrastructure/kafka.ts';
export { runProgram } from './lifecycle.ts';
export { pathOf } from './processes/executables.ts';
export { endLeftovers } from './processes/leftovers.ts';
export { freePort, freePorts } from './processes/ports.ts';
export {
  childEnvironment,
  type LocalProcess,
  type Prepare,
  Processes,
  type ProcessSpec,
} from './processes/processes.ts';
export { Progress } from './progress.ts';
