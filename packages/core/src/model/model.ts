/** A model: the card and the descriptions and weights of its networks, read from files wherever they are. */
import { InputError, messageOf } from '../errors.js';
import { readOnnx } from '../graph/onnx-reader.js';
import { BACKBONES } from '../network/backbones.js';
import type { NetworkDescription, PixelNormalisation } from '../network/description.js';
import { PIXEL_SCALE, PIXEL_ZERO_POINT } from '../network/normalisation.js';
import type { OperatingPoint } from '../network/operating-point.js';
import { parseSafetensors, type Weights } from '../network/safetensors.js';
import { networkParameters } from '../network/shapes.js';
import {
  type ImportedNetwork,
  keyFrameDescription,
  type LoadedNetwork,
  type NetworkSource,
  nonKeyFrameDescription,
} from './loaded-network.js';
import { CARD_FILE, type ModelCard, type NetworkEntry, parseModelCard } from './model-card.js';
import { hasNetwork } from './operating-points.js';

/** The files of a model: its card `model.json` and the safetensors files that this names. */
export interface ModelFiles {
  /** @throws InputError for a file that cannot be read, or that is none of the model's */
  read(name: string): Promise<Uint8Array>;
  /** Where they are, for errors: a folder's path, an address; default 'model'. */
  readonly folder?: string;
  /** What errors call a file; default its name. */
  path?(name: string): string;
  /** SHA-256 as lower-case hex; default WebCrypto's. */
  sha256?(bytes: Uint8Array): string | Promise<string>;
  /** See {@link Model.digest}; default: of the files that the card names. */
  digest?(): Promise<string>;
}

export class Model implements NetworkSource {
  private constructor(
    private readonly files: ModelFiles,
    readonly card: ModelCard,
    /** Identifies the weights: {@link weightsDigest} of their files. */
    readonly digest: string,
    private readonly keyWeights: Weights,
    /** The key-frame network, where it is another program's. */
    readonly imported?: ImportedNetwork,
  ) {}

  /**
   * Reads a model's card and the weights of its key-frame network.
   *
   * @throws InputError for a card or weights that cannot be used, or that are not what the card describes
   */
  static async read(files: ModelFiles): Promise<Model> {
    const text = new TextDecoder().decode(await files.read(CARD_FILE));
    const card = parseModelCard(text, files.path?.(CARD_FILE) ?? CARD_FILE);
    checkNormalisation(card, files.folder ?? 'model');
    if (card.imported) {
      const imported = await readImported(files, card);
      return new Model(files, card, await digestByCard(files, card), new Map(), imported);
    }
    const description = keyFrameDescription(card, undefined);
    const weights = await readWeights(files, card.networks.key, description);
    return new Model(files, card, await (files.digest?.() ?? digestByCard(files, card)), weights);
  }

  /** Where it was read from. */
  get folder(): string {
    return this.files.folder ?? 'model';
  }

  get classes(): number {
    return this.card.classes.length;
  }

  /** The key-frame CNN; its context output is what is warped at `point`, none without (the per-frame network). */
  keyFrame(point?: OperatingPoint): LoadedNetwork {
    return { description: keyFrameDescription(this.card, point), weights: this.keyWeights };
  }

  /**
   * The non-key-frame CNN of an operating point: of a lateral model the decoder layer that is warped.
   *
   * @param warpAlone the key-frame CNN's own head and tail behind the warp, nothing corrected or fine-tuned
   *   (the baseline of the paper's Table 1); Layer 3, which has no head, never is anything else, nor are points that were
   *   not trained
   */
  async nonKeyFrame(point: OperatingPoint, warpAlone = this.onlyWarps(point)): Promise<LoadedNetwork> {
    const description = nonKeyFrameDescription(this.card, point, warpAlone);
    if (warpAlone || point === 3) return { description, weights: this.keyWeights };
    const { networks } = this.card;
    const entry = typeof point === 'number' ? networks[`layer${point}`] : networks[point];
    if (!entry) {
      const [what, option] = typeof point === 'number' ? [`Layer ${point}`, '--layer'] : [point, '--speed'];
      throw new InputError(
        `${this.folder}: has no non-key-frame network for ${what}; train it or choose another ${option}`,
      );
    }
    return { description, weights: await readWeights(this.files, entry, description) };
  }

  private onlyWarps(point: OperatingPoint): boolean {
    return typeof point === 'number' ? point === 3 : !hasNetwork(this.card, point);
  }
}

/** @throws InputError where pixels enter in a way that the networks here do not have */
function checkNormalisation({ normalisation, backbone }: ModelCard, folder: string): void {
  const expected = BACKBONES[backbone].normalisation;
  if (normalisation === 'imagenet' ? expected === 'imagenet' : isSymmetric(normalisation, expected)) return;
  const how =
    normalisation === 'imagenet'
      ? "by ImageNet's mean and deviation"
      : `zero point ${normalisation.zeroPoint}, scale ${normalisation.scale}`;
  throw new InputError(`${folder}: normalises pixels another way than this version (${how})`);
}

const isSymmetric = (
  { zeroPoint, scale }: Exclude<ModelCard['normalisation'], 'imagenet'>,
  expected: PixelNormalisation,
): boolean =>
  expected === 'symmetric' && zeroPoint === PIXEL_ZERO_POINT && Math.abs(scale - PIXEL_SCALE) <= 1e-9;

/**
 * Identifies the weights of a model: the SHA-256 (hex) of the lines `<file> <sha256>\n`, sorted by file name.
 *
 * @param digests of the files, by name
 */
export async function weightsDigest(
  digests: Readonly<Record<string, string>>,
  sha256: NonNullable<ModelFiles['sha256']> = webSha256,
): Promise<string> {
  const lines = Object.keys(digests)
    .sort()
    .map((name) => `${name} ${digests[name]}\n`);
  return sha256(new TextEncoder().encode(lines.join('')));
}

/**
 * Reads a weights file and checks that it is the one meant, that it fits a network and holds numbers.
 *
 * @throws InputError naming the file and the tensor
 */
export async function readWeights(
  files: ModelFiles,
  { weights, sha256 }: Pick<NetworkEntry, 'weights' | 'sha256'>,
  description: NetworkDescription,
): Promise<Weights> {
  const { bytes, path } = await readChecked(files, { weights, sha256 });
  const { tensors } = parseSafetensors(bytes, path);
  for (const { name, shape, role } of networkParameters(description)) {
    const tensor = tensors.get(name);
    if (!tensor) throw new InputError(`${path}: lacks the tensor ${name} of ${description.name}`);
    if (tensor.shape.join() !== shape.join()) {
      throw new InputError(
        `${path}: ${name} has the shape [${tensor.shape}], ${description.name} wants [${shape}]`,
      );
    }
    const wrong = unusableValue(tensor.data, role === 'variance' ? 0 : Number.NEGATIVE_INFINITY);
    if (wrong !== undefined) {
      const what = role === 'variance' ? `the variance ${wrong}` : `the value ${wrong}`;
      throw new InputError(`${path}: ${name} holds ${what}: the file is damaged or its training failed`);
    }
  }
  return tensors;
}

/** @throws InputError for a file that is not the one that the card describes */
async function readChecked(
  files: ModelFiles,
  { weights, sha256 }: Pick<NetworkEntry, 'weights' | 'sha256'>,
): Promise<{ bytes: Uint8Array; path: string }> {
  const bytes = await files.read(weights);
  const path = files.path?.(weights) ?? weights;
  if (sha256 !== undefined && (await hashOf(files, bytes)) !== sha256) {
    throw new InputError(
      `${path}: is not the file that the model's card describes (its SHA-256 differs): it is damaged or was exchanged; copy the model again`,
    );
  }
  return { bytes, path };
}

/** @throws InputError for what is no ONNX file, and for one that names others: an engine would open them */
async function readImported(files: ModelFiles, { networks, imported }: ModelCard): Promise<ImportedNetwork> {
  const { bytes, path } = await readChecked(files, networks.key);
  let external: number;
  try {
    external = readOnnx(bytes).external.length;
  } catch (error) {
    throw new InputError(`${path}: ${messageOf(error)}; import the network again (twnet model import)`);
  }
  if (external > 0)
    throw new InputError(
      `${path}: has data in other files, which a model's network never has; import the network again (twnet model import)`,
    );
  return { ...imported!, onnx: bytes };
}

async function digestByCard(files: ModelFiles, { networks }: ModelCard): Promise<string> {
  const digests: Record<string, string> = {};
  for (const entry of Object.values(networks))
    if (entry)
      digests[entry.weights] = entry.sha256 ?? (await hashOf(files, await files.read(entry.weights)));
  return weightsDigest(digests, files.sha256);
}

const hashOf = async ({ sha256 = webSha256 }: ModelFiles, bytes: Uint8Array): Promise<string> =>
  sha256(bytes);

async function webSha256(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The first value that is not finite or below `least`. */
function unusableValue(values: Float32Array, least: number): number | undefined {
  for (const value of values) if (!(Number.isFinite(value) && value >= least)) return value;
  return undefined;
}
