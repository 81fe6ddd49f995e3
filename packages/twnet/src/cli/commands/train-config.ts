/** The configuration of `twnet train`: from a file, a preset and options; and `twnet train config`, which prints it. */
import { readFile } from 'node:fs/promises';
import { InputError, messageOf } from '@twnet/core/errors';
import type { KeyConfig, NonKeyConfig } from '@twnet/train/config/config';
import { Argument, type Command, Option } from 'commander';

interface ConfigFlags {
  readonly config?: string;
  readonly preset?: string;
}

export function registerTrainConfigCommand(train: Command): void {
  train
    .command('config')
    .description('print the whole configuration of a step as JSON, every key with its value')
    .addArgument(new Argument('<step>', 'which training step').choices(['key', 'nonkey']))
    .addOption(
      new Option('--preset <name>', "whose rules: ours or the paper's").choices(['default', 'paper']),
    )
    .option('--config <file>', 'JSON with keys of your own, laid over it')
    .addHelpText('after', '\nExample:\n  twnet train config key --preset paper > paper.json')
    .action(async (step: 'key' | 'nonkey', flags: ConfigFlags) => {
      process.stdout.write(`${JSON.stringify(await trainingConfig(step, flags, {}), null, 2)}\n`);
    });
}

/** Options over the file's keys, over the preset's, over the defaults. */
export async function trainingConfig<S extends 'key' | 'nonkey'>(
  step: S,
  { config, preset }: ConfigFlags,
  overrides: Readonly<Record<string, unknown>>,
): Promise<S extends 'key' ? KeyConfig : NonKeyConfig> {
  const { resolveConfig } = await import('@twnet/train/config/presets');
  const given = Object.entries({ preset, ...overrides }).filter(([, value]) => value !== undefined);
  const own = config ? await readConfigFile(config) : {};
  const keys =
    typeof own === 'object' && own !== null && !Array.isArray(own)
      ? { ...own, ...Object.fromEntries(given) }
      : own;
  return resolveConfig(step, keys, config ?? 'options') as S extends 'key' ? KeyConfig : NonKeyConfig;
}

async function readConfigFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new InputError(
      `${path}: the configuration cannot be read; twnet train config key > FILE writes one`,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${path}: is not JSON: ${messageOf(error)}`);
  }
}
