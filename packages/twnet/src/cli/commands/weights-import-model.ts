/** `twnet weights import --as efficientvit-seg-b0`: a whole segmenter becomes a model folder. */
import { resolve } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import type { SegmenterReport } from '@twnet/train/import/import-segmenter';
import { written, writtenLine } from '../written.js';

export interface ImportModelFlags {
  readonly output: string;
  readonly pixels?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export async function importModel(
  file: string,
  { output, pixels, force, json }: ImportModelFlags,
): Promise<void> {
  if (pixels !== undefined && pixels !== 'imagenet')
    throw new InputError(
      `--pixels ${pixels}: this network's enter by ImageNet's mean and deviation; leave it out`,
    );
  claimOutputs([{ path: output, kind: 'folder', flag: '-o' }], {
    inputs: [file],
    force,
    stdout: json ? '--json' : undefined,
  });
  const [{ importSegmenter }, { printable }, { FilledFolder }, { writeModelNetwork }, { CARD_FILE }] =
    await Promise.all([
      import('@twnet/train/import/import-segmenter'),
      import('@twnet/train/import/printable'),
      import('@twnet/node/files/filled-folder'),
      import('@twnet/node/model/model-writer'),
      import('@twnet/core/model/model-card'),
    ]);
  const { weights, card, report } = await importSegmenter(file);
  const folder = FilledFolder.open(output, { force });
  const files = [card.networks.key.weights, CARD_FILE];
  folder.expect(...files);
  await writeModelNetwork(output, card, 'key', weights, {}, 'float32');
  folder.wrote(...files);
  const made = written(output, 'model');
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...report, card, output, outputs: [made] }, null, 2)}\n`);
    return;
  }
  const { format, prefix, parameters, ignored } = report;
  const lines = [
    `${resolve(output)}: ${card.name}, ${report.classes} classes, ${parameters} numbers`,
    `  from     ${format}, its authors' names${prefix ? ` behind ${printable(prefix)}` : ''}`,
    `  golden   ${goldenLine(report)}`,
    ...(ignored.length > 0
      ? [`  left     ${ignored.length} further tensors: ${printable(ignored[0])}, …`]
      : []),
    `  licence  ${card.provenance.licence}`,
    writtenLine(made),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function goldenLine({ golden }: SegmenterReport): string {
  if (!golden) return 'the file holds no golden tensors: what it computes was not checked';
  const { largest, differences, width, height } = golden;
  const names = Object.keys(differences).map((name) => name.slice('golden.'.length));
  return `tensors reproduced to ${largest.toExponential(0)}: ${names.join(', ')} of ${width}×${height} pixels`;
}
