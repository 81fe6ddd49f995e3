/** `twnet weights import|show`: weights from elsewhere. */

import { claimOutputs } from '@twnet/node/files/claim-outputs';
import { type Command, Option } from 'commander';
import { forceOption } from '../output-option.js';
import { written, writtenLine } from '../written.js';
import { registerWeightsShow } from './weights-show.js';

/** Names of the backbones, which are not loaded for a command line. */
const ENCODERS = ['mobilenet-v1', 'mobilenet-v2', 'resnet-18', 'efficientvit-b0'] as const;
type Encoder = (typeof ENCODERS)[number];
/** A whole network. */
const SEGMENTER = 'efficientvit-seg-b0';

interface ImportFlags {
  readonly as: Encoder | typeof SEGMENTER;
  readonly output?: string;
  readonly pixels?: 'imagenet' | 'symmetric' | 'unit' | 'twnet';
  readonly force?: boolean;
  readonly json?: boolean;
}

export function registerWeightsCommand(program: Command): void {
  const weights = program
    .command('weights')
    .description('weights from elsewhere: import an encoder or a network, look into a file');
  weights
    .command('import')
    .description(
      "an encoder of another program's, as twnet train key --encoder takes it; or a whole network, as a model",
    )
    .argument('<file>', 'safetensors, PyTorch state dict (.pth, .pt) or TensorFlow.js model.json')
    .addOption(
      new Option('--as <network>', 'which network it is')
        .choices([...ENCODERS, SEGMENTER])
        .makeOptionMandatory(),
    )
    .option(
      '-o, --output <path>',
      `safetensors file to write (default: encoder.safetensors); of ${SEGMENTER} the model folder (default: ${SEGMENTER})`,
    )
    .addOption(
      new Option(
        '--pixels <range>',
        "how pixels entered: imagenet ((x/255 - mean)/deviation), symmetric (x/127.5 - 1), unit (x/255), twnet (default: the naming program's own)",
      ).choices(['imagenet', 'symmetric', 'unit', 'twnet']),
    )
    .addOption(forceOption())
    .option('--json', 'print what was read as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  twnet weights import resnet18-f37072fd.pth --as resnet-18 -o resnet-18.safetensors\n  twnet train key --backbone resnet-18 --encoder resnet-18.safetensors --data camvid -o runs/key\n' +
        `  twnet weights import efficientvit_seg_b0_cityscapes.pt --as ${SEGMENTER} -o models/cityscapes`,
    )
    .action(importWeights);
  registerWeightsShow(weights);
}

async function importWeights(file: string, { as, output, ...flags }: ImportFlags): Promise<void> {
  if (as !== SEGMENTER)
    return importEncoderFile(file, { ...flags, as, output: output ?? 'encoder.safetensors' });
  const { importModel } = await import('./weights-import-model.js');
  return importModel(file, { ...flags, output: output ?? SEGMENTER });
}

type EncoderFlags = ImportFlags & { readonly as: Encoder; readonly output: string };

async function importEncoderFile(file: string, flags: EncoderFlags): Promise<void> {
  claimOutputs([{ path: flags.output, kind: 'file', flag: '-o' }], {
    inputs: [file],
    force: flags.force,
    stdout: flags.json ? '--json' : undefined,
  });
  const [{ importEncoder }, { printable }, { formatSafetensors }, { writeFileAtomic }] = await Promise.all([
    import('@twnet/train/import/import-encoder'),
    import('@twnet/train/import/printable'),
    import('@twnet/core/network/safetensors'),
    import('@twnet/node/files/atomic'),
  ]);
  const options = { backbone: flags.as, pixels: flags.pixels };
  const { weights, report, metadata } = await importEncoder(file, options);
  await writeFileAtomic(flags.output, formatSafetensors(weights, { type: 'float32', metadata }));
  const output = written(flags.output, 'weights of an encoder');
  if (flags.json) {
    const made = { ...report, output: flags.output, outputs: [output] };
    process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
    return;
  }
  const { prefix, head, ignored } = report;
  const convolutions = [...weights.keys()].filter((name) => name.endsWith('.weight')).length;
  const few = (names: readonly string[]): string =>
    names
      .slice(0, 3)
      .map((name) => printable(name))
      .join(', ') + (names.length > 3 ? ', …' : '');
  const lines = [
    `${flags.output}: ${report.backbone}, ${convolutions} convolutions, ${report.parameters} numbers`,
    `  from     ${report.format}, ${report.names} names${prefix ? ` behind ${printable(prefix)}` : ''}, pixels ${report.pixels}`,
    ...(head.length > 0 ? [`  left     the classifier's ${head.length} tensors: ${few(head)}`] : []),
    ...(ignored.length > 0 ? [`  left     ${ignored.length} further tensors: ${few(ignored)}`] : []),
    ...report.notes.map((note) => `  note     ${note}`),
    writtenLine(output),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
