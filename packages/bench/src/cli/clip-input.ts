/** What the commands that measure on a labelled clip share: the clip, models for its classes, how it is encoded, the plot. */
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import type { Model } from '@twnet/node/model/model';
import { InvalidArgumentError, Option } from 'commander';
import { written, writtenLine } from '../../../twnet/src/cli/written.js';
import type { LabelledClip } from '../accuracy/labelled-clip.js';
import { type Coding, parseCoding } from '../methods/coding.js';

/** The newest of those that label CamVid's classes. */
const NEWEST = 'camvid';

export interface ClipInput {
  readonly clip: LabelledClip;
  readonly models: readonly Model[];
  /** Classes of the labels. */
  readonly classes: number;
}

/**
 * Opens a clip and models of its classes.
 *
 * @throws InputError for a clip or model that cannot be used, and for two models of one name
 */
export async function openClip(
  folder: string,
  { model: names, frames }: { readonly model?: readonly string[]; readonly frames?: number },
): Promise<ClipInput> {
  const [{ loadLabelledClip }, { Model, PAPER_MODEL, shippedModels }] = await Promise.all([
    import('../accuracy/labelled-clip.js'),
    import('@twnet/node/model/model'),
  ]);
  const usual = shippedModels().includes(NEWEST) ? NEWEST : PAPER_MODEL;
  const models = await Promise.all((names ?? [usual]).map((name) => Model.open(name)));
  const twice = models.find(({ card }, i) => models.findIndex((one) => one.card.name === card.name) < i);
  if (twice) throw new InputError(`--model: two models are called ${twice.card.name}; give one of them`);
  for (const { card } of models)
    if (card.classes.join() !== CAMVID.classes.join())
      throw new InputError(
        `--model: ${card.name} has the classes ${card.classes.join(', ')}, the clip's labels CamVid's ${CAMVID.classes.length}; give a model trained on those`,
      );
  const whole = await loadLabelledClip(join(folder, 'images'), join(folder, 'labels'));
  const clip = { ...whole, frames: whole.frames.slice(0, frames), labels: whole.labels.slice(0, frames) };
  return { clip, models, classes: CAMVID.classes.length };
}

/** An option's value by {@link parseCoding}. */
export function coding(text: string): Coding {
  try {
    return parseCoding(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

export function codingOption(): Option {
  return new Option('--coding <codec:quality>', 'how the clip is encoded: mpeg4:1–31, h264:0–51, hevc:0–51')
    .argParser(coding)
    .default({ codec: 'mpeg4', quality: 3 }, 'mpeg4:3');
}

export function plotOption(): Option {
  return new Option('--plot <file>', 'draw the figures as well, as .svg or .png').argParser((path) => {
    if (!/\.(svg|png)$/i.test(path)) throw new InvalidArgumentError('Give a name that ends in .svg or .png.');
    return path;
  });
}

/** @throws OutputError when it cannot be written */
export async function writePlot(path: string, svg: string): Promise<void> {
  const { writeFileAtomic } = await import('@twnet/node/files/atomic');
  if (/\.svg$/i.test(path)) await writeFileAtomic(path, svg);
  else {
    const { default: sharp } = await import('sharp');
    const picture = sharp(Buffer.from(svg), { density: 144 }).flatten({ background: '#ffffff' });
    await writeFileAtomic(path, await picture.png().toBuffer());
  }
  process.stderr.write(`${writtenLine(written(path, 'plot'))}\n`);
}
