/**
 * Tries a network of another program on a picture: how it takes it, what it gives, and the labels that follow. In a process
 * of its own (`trial-process.ts`), since a damaged file may end the process that opens it.
 */
import { readFile } from 'node:fs/promises';
import { InputError, messageOf } from '@twnet/core/errors';
import { fromHalf } from '@twnet/core/network/half';
import { pictureGraph } from '@twnet/core/network/imported-graphs';
import {
  type ImportedInput,
  type ImportedInterface,
  importedSizes,
  longestSide,
  pictureShape,
} from '@twnet/core/network/imported-network';
import { scaledSize } from '@twnet/core/network/working-size';
import { openChain } from '@twnet/core/runtime/graph-chain';
import { importedGraphs } from '@twnet/core/runtime/key-graphs';
import { labelsFromScores } from '@twnet/core/segment/labels';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { onnxRuntime } from '../engine/runtime.js';
import { GraphSession, onnxEngine } from '../engine/session.js';
import { type AnswerOptions, type FoundAnswer, findAnswer, type Given } from './answer.js';
import { type Declared, type InputOptions, pictureInput } from './picture-input.js';
import type { PixelConvention } from './pixel-convention.js';
import { plain, refusalReason } from './runtime-errors.js';

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Planar RGB. */
  readonly pixels: Uint8Array;
}

export interface TrialRequest {
  /** The network, in one file. */
  readonly path: string;
  /** What errors call it. */
  readonly file: string;
  readonly pixels: PixelConvention;
  readonly options: InputOptions & AnswerOptions;
  readonly picture: Picture;
}

export interface Trial {
  readonly found: ImportedInterface;
  readonly classes: number;
  /** The picture as frames would be, and the labels of it. */
  readonly picture: Picture;
  readonly labels: Uint8Array;
  readonly notes: readonly string[];
}

/** @throws InputError for a network that does not open, run, or give classes */
export async function tryNetwork({ path, file, pixels, options, picture }: TrialRequest): Promise<Trial> {
  const onnx = await readFile(path);
  const session = await openSession(file, onnx);
  const found = await (async () => {
    try {
      const { input, notes, sizeNote } = pictureInput(file, declared(session.inputMetadata), pixels, options);
      const answered = await answersAt(session, file, input, picture, options);
      const ofSize = answered.input.multiple === undefined || sizeNote === undefined ? [] : [sizeNote];
      return { ...answered, notes: [...ofSize, ...notes, ...answered.notes] };
    } finally {
      await session.release();
    }
  })();
  const { input, output, classes, notes } = found;
  const frame = await resized(picture, scaledTo(picture, longestSide({ input, output })));
  const { width, height } = frame;
  const chain = await openChain(onnxEngine, importedGraphs({ input, output, onnx }, frame, classes), {});
  try {
    const { labels, scores } = await chain.run({ image: frame.pixels });
    return {
      ...{ found: { input, output }, classes, picture: frame, notes },
      labels: labels
        ? (labels.slice() as Uint8Array)
        : labelsFromScores(scores as Float32Array, classes, width, height),
    };
  } catch (error) {
    throw new InputError(
      `${file}: cannot run on a picture of ${width}×${height}: ${plain(messageOf(error))}`,
    );
  } finally {
    await chain.close();
  }
}

async function openSession(file: string, onnx: Uint8Array): Promise<InferenceSession> {
  const { InferenceSession } = await onnxRuntime();
  try {
    return await InferenceSession.create(onnx, { logSeverityLevel: 4, graphOptimizationLevel: 'all' });
  } catch (error) {
    throw new InputError(`${file}: ${refusalReason(messageOf(error))}`);
  }
}

const declared = (inputs: readonly InferenceSession.ValueMetadata[]): Declared[] =>
  inputs.map((one) =>
    one.isTensor
      ? { name: one.name, type: one.type, shape: one.shape }
      : { name: one.name, type: 'no tensor', shape: [] },
  );

interface Answered extends FoundAnswer {
  readonly input: ImportedInput;
}

/**
 * What the network gives at its size and, where that is free, at another one: whether it grows with the picture. Of those
 * that do not, or run at one of them alone, the size is that one.
 */
async function answersAt(
  session: InferenceSession,
  file: string,
  input: ImportedInput,
  picture: Picture,
  options: AnswerOptions,
): Promise<Answered> {
  const answer = async (size: ImportedInput): Promise<FoundAnswer> =>
    findAnswer(file, await runOn(session, size, picture), options);
  const { multiple, ...fixed } = input;
  if (multiple === undefined) {
    try {
      return { input, ...(await answer(input)) };
    } catch (error) {
      throw cannotRun(file, input, error);
    }
  }
  const half = (side: number): number => Math.max(multiple, Math.round(side / 2 / multiple) * multiple);
  const smaller = { ...fixed, width: half(input.width), height: half(input.height) };
  const [large, small] = [await settled(answer(input)), await settled(answer(smaller))];
  if ('error' in large && 'error' in small)
    throw cannotRun(file, input, large.error, ', and --size WxH says at which it does');
  if ('error' in large || 'error' in small) {
    const [only, value] = 'error' in large ? [smaller, small as FoundAnswer] : [fixed, large];
    const note = `it runs at ${only.width}×${only.height} and not at every size: frames are resized to that (--size)`;
    return { ...value, input: only, notes: [note, ...value.notes] };
  }
  const grows =
    large.output.rows * smaller.height === small.output.rows * input.height &&
    large.output.columns * smaller.width === small.output.columns * input.width;
  if (grows) return { input, ...large };
  const note = `what it gives does not grow with its picture: frames are resized to ${input.width}×${input.height} (--size)`;
  return { ...large, input: fixed, notes: [note, ...large.notes] };
}

async function settled(answer: Promise<FoundAnswer>): Promise<FoundAnswer | { error: unknown }> {
  try {
    return await answer;
  } catch (error) {
    return { error };
  }
}

function cannotRun(file: string, { width, height }: ImportedInput, error: unknown, what = ''): unknown {
  if (error instanceof InputError) return error;
  return new InputError(
    `${file}: cannot run on a picture of ${width}×${height}${what}: ${plain(messageOf(error))}`,
  );
}

async function runOn(session: InferenceSession, input: ImportedInput, picture: Picture): Promise<Given[]> {
  const { Tensor } = await onnxRuntime();
  // Resized to its size, whatever that is.
  const { multiple: _free, ...fixed } = input;
  const sizes = importedSizes({ input: fixed, output: NO_OUTPUT }, picture);
  const graph = await GraphSession.open(pictureGraph(fixed, sizes));
  let data: ArrayBufferView;
  try {
    data = (await graph.run({ image: picture.pixels })).picture;
  } finally {
    await graph.close();
  }
  const tensor = new Tensor(input.type, data as Float32Array, pictureShape(input, input) as number[]);
  const given = await session.run({ [input.name]: tensor });
  return Object.entries(given).flatMap(([name, value]) => givenOf(name, value as Tensor) ?? []);
}

/** Outputs that are no numbers are left out. */
function givenOf(name: string, { type, dims, data }: Tensor): Given | undefined {
  if (!ArrayBuffer.isView(data)) return undefined;
  const { buffer, byteOffset, length } = data as Uint16Array;
  const values = type === 'float16' ? fromHalf(new Uint16Array(buffer, byteOffset, length)) : data;
  return { name, type, dims, data: values as ArrayLike<number | bigint> };
}

const NO_OUTPUT = {
  ...({ name: '', content: 'labels', layout: 'NCHW', type: 'uint8', rows: 1, columns: 1, rank: 2 } as const),
};

function scaledTo(picture: Picture, longest: number) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  return scaledSize(picture, scale);
}

/** A picture of another size. */
async function resized(
  picture: Picture,
  { width, height }: { width: number; height: number },
): Promise<Picture> {
  if (width === picture.width && height === picture.height) return picture;
  const input: ImportedInput = {
    ...({ name: 'resized', layout: 'NCHW', type: 'uint8', order: 'RGB' } as const),
    ...{ mean: [0, 0, 0], deviation: [1, 1, 1], width, height },
  };
  await using graph = await GraphSession.open(
    pictureGraph(input, importedSizes({ input, output: NO_OUTPUT }, picture)),
  );
  return { width, height, pixels: (await graph.run({ image: picture.pixels })).picture as Uint8Array };
}
