/** `twnet data …`: data sets to learn from. */
import type { Command } from 'commander';
import { registerDataCheckCommand } from './data-check.js';
import { registerDataStreetCommand } from './data-street.js';

export function registerDataCommand(program: Command): void {
  const data = program
    .command('data')
    .description('data sets: what they hold and what is wrong; streets rendered as one');
  registerDataCheckCommand(data);
  registerDataStreetCommand(data);
}
