/** The configuration of `twnet train`: from a file, a preset and options; and `twnet train config`, which prints it. */
import { readFile } from 'node:fs/promises';
import { InputError, messageOf } from '@twnet/core/errors';
import { SPEEDS, type Speed } from '@twnet/core/network/operating-point';
import type { KeyConfig, NonKeyConfig } from '@twnet/train/config/config';
import type { PointConfig } from '@twnet/train/config/point-config';
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
    .addOption(
      new Option('--speed <name>', 'of nonkey: for an operating point of a segmenter').choices(SPEEDS),
    )
    .option('--config <file>', 'JSON with keys of your own, laid over it')
    .addHelpText('after', '\nExample:\n  twnet train config key --preset paper > paper.json')
    .action(async (step: 'key' | 'nonkey', flags: ConfigFlags & { readonly speed?: Speed }) => {
      const { speed } = flags;
      if (speed && step === 'key') throw new InputError('--speed: belongs to the step nonkey');
      const config = speed ? await pointConfig(flags, speed, {}) : await trainingConfig(step, flags, {});
      process.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
    });
}

/** Options over the file's keys, over the preset's, over the defaults. */
export async function trainingConfig<S extends 'key' | 'nonkey'>(
  step: S,
  { config, preset }: ConfigFlags,
  overrides: Readonly<Record<string, unknown>>,
): Promise<S extends 'key' ? KeyConfig : NonKeyConfig> {
  const { resolveConfig } = await import('@twnet/train/config/presets');
  const keys = await givenKeys(config, { preset, ...overrides });
  return resolveConfig(step, keys, config ?? 'options') as S extends 'key' ? KeyConfig : NonKeyConfig;
}

/** The same for an operating point of a segmenter. */
export async function pointConfig(
  { config }: ConfigFlags,
  speed: Speed,
  overrides: Readonly<Record<string, unknown>>,
): Promise<PointConfig> {
  const { resolvePointConfig } = await import('@twnet/train/config/presets');
  return resolvePointConfig(await givenKeys(config, { speed, ...overrides }), config ?? 'options');
}

/** A file's keys, and those of the options that were given over them. */
async function givenKeys(
  config: string | undefined,
  overrides: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const { mergeConfig } = await import('@twnet/train/config/parse-config');
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const own = config ? await readConfigFile(config) : {};
  const isKeys = typeof own === 'object' && own !== null && !Array.isArray(own);
  return isKeys ? mergeConfig(own as Readonly<Record<string, unknown>>, given) : own;
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
