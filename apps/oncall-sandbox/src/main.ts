import { readConfig } from './config.ts';
import { startSandbox } from './sandbox.ts';
import { systemDependencies } from './system-dependencies.ts';

try {
  const sandbox = await startSandbox(readConfig(process.argv.slice(2), process.env), systemDependencies);
  const stop = () => sandbox.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  console.log(JSON.stringify(sandbox.view()));
} catch (error) {
  // The configuration is invalid or a port is taken: print the reason in one line.
  console.error(`oncall-sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
