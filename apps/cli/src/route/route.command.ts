import { Command } from 'commander';
import { diffCommand } from './diff.command.ts';
import { testCommand } from './test.command.ts';

/** Returns the commands for routing; `end` gets their exit code. */
export const routeCommand = (end: (code: number) => void): Command =>
  new Command('route')
    .description('Test routing without sending alerts.')
    .addCommand(testCommand(end))
    .addCommand(diffCommand(end));
