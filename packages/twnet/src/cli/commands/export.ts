/** `twnet export`: standalone ONNX files of a model's networks. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { addPointOptions, modelOption, type PointFlags } from '../model-option.js';
import { sizeOption } from '../option-values.js';
import { addOutputOption, forceOption } from '../output-option.js';
import { written, writtenLines } from '../written.js';

const FILES = /^(key|nonkey|accurate|fast|causal)\.onnx$/;

interface ExportFlags extends PointFlags {
  readonly output: string;
  readonly force?: boolean;
  readonly model?: string;
  readonly size: { width: number; height: number };
  readonly scoresOnly?: boolean;
  readonly warp?: boolean;
  readonly json?: boolean;
}

export function registerExportCommand(program: Command): void {
  const command = program
    .command('export')
    .description("write a model's key-frame and non-key-frame networks as ONNX files that run anywhere");
  const folder =
    'folder for key.onnx and nonkey.onnx (causal.onnx of a model with operating points: the others run no network of their own)';
  addOutputOption(command, '<dir>', folder, { required: true }).addOption(modelOption());
  addPointOptions(command)
    .addOption(
      sizeOption(
        "size of key frames that the graphs are made for; a model's operating points see others at half of it",
      ),
    )
    .option('--scores-only', 'without the full-size label output')
    .option(
      '--warp',
      'with the warp inside: non-key networks then take what is warped as it was and dense motion',
    )
    .addOption(forceOption())
    .option('--json', 'print inputs, outputs and cost as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  twnet export -o onnx --model camvid-mobilenet-v1 --layer 1 --size 1280x720',
    )
    .action(exportNetworks);
}

async function exportNetworks(flags: ExportFlags): Promise<void> {
  const [{ appendLabelOutput }, { gigaMacs }, { inferenceGraph }, { Model }, { exportedNetworks }] =
    await Promise.all([
      import('@twnet/core/network/label-output'),
      import('@twnet/core/network/cost'),
      import('@twnet/core/network/inference-graph'),
      import('@twnet/node/model/model'),
      import('./export-networks.js'),
    ]);
  const { toOnnx } = await import('@twnet/core/graph/onnx-format');
  const [{ claimOutputs }, { FilledFolder }, { writeFileAtomic }] = await Promise.all([
    import('@twnet/node/files/claim-outputs'),
    import('@twnet/node/files/filled-folder'),
    import('@twnet/node/files/atomic'),
  ]);
  claimOutputs([{ path: flags.output, kind: 'folder', flag: '-o', names: FILES }], {
    inputs: flags.model === undefined ? [] : [flags.model],
    force: flags.force,
  });
  const { width, height } = flags.size;
  const model = await Model.open(flags.model);
  const networks = await exportedNetworks(model, flags);
  const folder = FilledFolder.open(flags.output, { names: FILES, force: flags.force });
  const { name: ofModel, classes, provenance } = model.card;
  const networksWritten = [];
  for (const { name, network, metadata } of networks) {
    const { description, weights } = network;
    const graph = inferenceGraph(description, weights, height, width, { warpInside: flags.warp });
    if (!flags.scoresOnly) appendLabelOutput(graph, height, width);
    const file = join(flags.output, `${name}.onnx`);
    folder.expect(`${name}.onnx`);
    await writeFileAtomic(
      file,
      toOnnx(graph, {
        ...{ model: ofModel, classes: classes.join(','), ...metadata, licence: provenance.licence },
      }),
    );
    folder.wrote(`${name}.onnx`);
    networksWritten.push({
      file,
      inputs: graph.inputs.map((input) => ({ name: input.name, type: input.type, shape: input.shape })),
      outputs: [...graph.outputs].map(([output, { type, shape }]) => ({ name: output, type, shape })),
      gigaMacs: gigaMacs(description, height, width),
    });
  }
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(networksWritten, null, 2)}\n`);
    return;
  }
  for (const entry of networksWritten) process.stdout.write(`${formatEntry(entry)}\n`);
  process.stdout.write(writtenLines(networksWritten.map(({ file }) => written(file, 'ONNX network'))));
}

interface Port {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
}

function formatEntry(entry: { file: string; inputs: Port[]; outputs: Port[]; gigaMacs: number }): string {
  const ports = (list: readonly Port[]): string =>
    list.map(({ name, type, shape }) => `${name} ${type}[${shape.join(', ')}]`).join('; ');
  return `${entry.file}: ${entry.gigaMacs.toFixed(2)} GMACs\n  in  ${ports(entry.inputs)}\n  out ${ports(entry.outputs)}`;
}
