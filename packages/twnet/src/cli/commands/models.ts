/** `twnet models`: what ships. */
import type { ModelCard } from '@twnet/core/model/model-card';
import type { Command } from 'commander';

interface ListedModel {
  /** As `--model` takes it. */
  readonly name: string;
  readonly folder: string;
  /** Whether it is used where none is named. */
  readonly isDefault: boolean;
  readonly architecture: 'lateral' | 'segmenter' | 'imported';
  readonly backbone: string;
  readonly classes: readonly string[];
  /** What `--layer` takes, or `--speed`. */
  readonly layers: readonly number[];
  readonly speeds: readonly string[];
  /** As measured, by network and name. */
  readonly figures: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly provenance: ModelCard['provenance'];
  /** Of all its files. */
  readonly bytes: number;
}

export function registerModelsCommand(program: Command): void {
  program
    .command('models')
    .description('list the models that ship: classes, operating points, figures, licence')
    .option('--json', 'print the list as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  twnet models\n  twnet segment drive.mp4 --model camvid-mobilenet-v1',
    )
    .action(listModels);
}

async function listModels({ json }: { readonly json?: boolean }): Promise<void> {
  const { shippedModels } = await import('@twnet/node/model/shipped-models');
  const models = await Promise.all(shippedModels().map(described));
  const text = json ? `${JSON.stringify(models, null, 2)}\n` : models.map(formatModel).join('\n');
  process.stdout.write(text);
}

async function described(name: string): Promise<ListedModel> {
  const [{ DEFAULT_MODEL, modelFolder }, { folderBytes, readModelCard }, points] = await Promise.all([
    import('@twnet/node/model/shipped-models'),
    import('@twnet/node/model/model-files'),
    import('@twnet/core/model/operating-points'),
  ]);
  const folder = modelFolder(name);
  const card = await readModelCard(folder);
  const { backbone, classes, networks, provenance } = card;
  const architecture = points.architectureOf(card);
  const measured = Object.entries(networks).flatMap(([network, entry]) =>
    entry?.figures ? [[network, entry.figures] as const] : [],
  );
  return {
    ...{ name, folder, isDefault: folder === DEFAULT_MODEL, architecture, backbone, classes },
    layers: architecture === 'lateral' ? points.trainedLayers(card) : [],
    speeds: points.speedsOf(card),
    ...{ figures: Object.fromEntries(measured), provenance, bytes: await folderBytes(folder) },
  };
}

function formatModel(model: ListedModel): string {
  const { name, isDefault, backbone, classes, layers, speeds, figures, provenance, bytes } = model;
  const points = layers.length > 0 ? `--layer ${layers.join(', ')}` : `--speed ${speeds.join(', ')}`;
  const rows = [
    ['classes', `${classes.length}: ${classes.join(', ')}`],
    ['network', `${backbone}; ${layers.length + speeds.length > 0 ? points : 'no operating point'}`],
    ...Object.entries(figures).map(([network, values]) => [
      network,
      Object.entries(values)
        .map(([figure, value]) => `${figure} ${Number(value.toPrecision(4))}`)
        .join(', '),
    ]),
    ['trained on', provenance.trainedOn],
    ['licence', provenance.licence],
    ['on disk', `${(bytes / 1e6).toFixed(1)} MB`],
  ];
  const lines = rows.map(([what, value]) => `  ${what.padEnd(12)}${value}\n`);
  return `${name}${isDefault ? ' (default)' : ''}\n${lines.join('')}`;
}
