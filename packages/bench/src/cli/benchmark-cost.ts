/** `twnet benchmark cost`: multiply-adds, parameters and activation memory of the networks, by module. */

import type { BackboneName } from '@twnet/core/network/backbones';
import type { NetworkCost } from '@twnet/core/network/cost';
import type { Command } from 'commander';
import { positiveInteger, sizeOption } from '../../../twnet/src/cli/option-values.js';
import { backboneList, knownBackbones } from './backbone-list.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface CostFlags extends MeasurementFlags {
  readonly backbones?: readonly string[];
  readonly size: { readonly width: number; readonly height: number };
  readonly classes: number;
  readonly tailRank?: number;
}

interface NamedCost extends NetworkCost {
  readonly backbone: BackboneName;
  readonly network: 'per-frame' | 1 | 2 | 3;
}

export function registerCostBenchmark(benchmark: Command): void {
  benchmark
    .command('cost')
    .description(
      'multiply-adds, parameters and activation memory of every network, by module; nothing is run',
    )
    .option('--backbones <list>', 'encoders, such as mobilenet-v1,resnet-18 (default: all)', backboneList)
    .addOption(sizeOption('frame size'))
    .option('--classes <n>', 'classes that are told apart', positiveInteger, 11)
    .option(
      '--tail-rank <n>',
      "rank of the 3×3 convolutions in the non-key-frame networks' tail (default: whole, as the paper's)",
      positiveInteger,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  twnet benchmark cost --backbones mobilenet-v1 --size 2048x1024 --classes 19 --tail-rank 32',
    )
    .action(cost);
}

async function cost({ size, classes, tailRank, ...flags }: CostFlags): Promise<void> {
  const [{ BACKBONE_NAMES }, { FULL_CORRECTION, nonKeyFrameNetwork }, { keyFrameNetwork }, { networkCost }] =
    await Promise.all([
      import('@twnet/core/network/backbones'),
      import('@twnet/core/network/non-key-frame'),
      import('@twnet/core/network/key-frame'),
      import('@twnet/core/network/cost'),
    ]);
  const { width, height } = size;
  const backbones = flags.backbones ? await knownBackbones(flags.backbones) : BACKBONE_NAMES;
  const costs = backbones.flatMap((backbone) => {
    const { scores } = keyFrameNetwork(backbone, classes).outputs;
    const perFrame = { ...keyFrameNetwork(backbone, classes), outputs: { scores } };
    return [
      { backbone, network: 'per-frame' as const, ...networkCost(perFrame, height, width) },
      ...([1, 2, 3] as const).map((layer) => ({
        backbone,
        network: layer,
        ...networkCost(
          nonKeyFrameNetwork(backbone, classes, layer, FULL_CORRECTION, tailRank),
          height,
          width,
        ),
      })),
    ];
  });
  await printMeasurement(flags, [], { ...size, classes, tailRank, networks: costs }, costLines(costs, size));
}

function costLines(costs: readonly NamedCost[], { width, height }: CostFlags['size']): string[] {
  const lines = [`${width}×${height}, multiply-adds of one frame`];
  let perFrame = 1;
  for (const { backbone, network, gigaMacs, parameters, peakActivationBytes, modules } of costs) {
    if (network === 'per-frame') {
      perFrame = gigaMacs;
      lines.push('', row(backbone, ['GMACs', '÷ per frame', 'parameters', 'peak MiB']));
    }
    const name = network === 'per-frame' ? 'per frame' : `Layer ${network}, non-key`;
    const peak = (peakActivationBytes / 2 ** 20).toFixed(1);
    lines.push(row(name, [digits(gigaMacs), (gigaMacs / perFrame).toFixed(3), counted(parameters), peak]));
    for (const part of modules)
      lines.push(row(`  ${part.module}`, [digits(part.gigaMacs), '', counted(part.parameters)]));
  }
  lines.push('', 'peak: most memory that activations take at once, float32');
  return lines;
}

const digits = (gigaMacs: number): string => gigaMacs.toFixed(gigaMacs < 0.01 ? 5 : 3);
const counted = (count: number): string => count.toLocaleString('en');

function row(name: string, cells: readonly string[]): string {
  return (name.padEnd(20) + cells.map((cell) => cell.padStart(13)).join('')).trimEnd();
}
