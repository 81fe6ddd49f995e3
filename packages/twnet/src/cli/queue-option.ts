/** `--queue <address>`: the Redis server that jobs are in. */
import { type Command, Option } from 'commander';

export interface QueueFlags {
  readonly queue?: string;
}

export function addQueueOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--queue <address>',
      'the Redis server with the jobs: redis://host:6379, rediss://host:6379 with TLS (default: the variable TWNET_QUEUE, which may hold user and password, or redis://127.0.0.1:6379)',
    ),
  );
}
