import { Command } from 'commander';
import { createCommand } from './create.command.ts';
import { lsCommand } from './ls.command.ts';
import { tailCommand } from './tail.command.ts';

/** Returns the commands for topics; `end` gets their exit code. */
export const topicsCommand = (end: (code: number) => void): Command =>
  new Command('topics')
    .description('List, read and create the Kafka topics of Pagebridge.')
    .addCommand(lsCommand(end))
    .addCommand(tailCommand(end))
    .addCommand(createCommand(end));
