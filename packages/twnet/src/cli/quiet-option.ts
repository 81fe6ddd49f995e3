/** `--quiet` on every command that shows progress. */
import type { Command } from 'commander';
import { beQuiet } from './progress.js';

/** Adds the option to a command's commands, those within them included. */
export function addQuietOption(program: Command): void {
  for (const command of program.commands) {
    if (command.commands.length > 0) addQuietOption(command);
    else if (!command.options.some(({ long }) => long === '--quiet'))
      command.option('--quiet', 'no progress');
  }
}

/** Before a command runs. */
export function obeyQuiet(program: Command): void {
  program.hook('preAction', (_program, command) => {
    if (command.opts().quiet) beQuiet();
  });
}
