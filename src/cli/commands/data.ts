/** `twnet data …`: data sets to learn from. */
import type { Command } from 'commander';
import { registerDataCheckCommand } from './data-check.js';

export function registerDataCommand(program: Command): void {
  const data = program.command('data').description('data sets: what they hold and what is wrong');
  registerDataCheckCommand(data);
}
