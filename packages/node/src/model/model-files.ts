/** The files of a model folder: read only from inside it, and known by their digests. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { InputError, messageOf } from '@twnet/core/errors';
import { weightsDigest } from '@twnet/core/model/model';
import { CARD_FILE, type ModelCard, parseModelCard } from '@twnet/core/model/model-card';

/** Larger than any network here by far: what is larger is no weights file, and is not read into memory. */
const LARGEST_WEIGHTS = 2 ** 30;
/** Cards are a few kilobytes. */
const LARGEST_CARD = 2 ** 22;
const WEIGHTS_ENDING = '.safetensors';
/** Opening a pipe would else wait for somebody to write to it. Windows has neither. */
const NOT_BLOCKING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Lower-case hex SHA-256. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Identifies the weights of a model folder: {@link weightsDigest} of its `*.safetensors` files.
 *
 * @throws InputError where the folder cannot be read
 */
export async function modelDigest(folder: string): Promise<string> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith(WEIGHTS_ENDING));
  } catch (error) {
    throw new InputError(`${folder}: the model folder cannot be read: ${messageOf(error)}`);
  }
  const digests: Record<string, string> = {};
  for (const name of names) digests[name] = sha256(await readWeightsFile(join(folder, name)));
  return weightsDigest(digests, sha256);
}

/**
 * The path of a file that a card names, which must lie inside the model's folder, whatever links lead there.
 *
 * @param card file that names it, for errors
 * @throws InputError for a path that leads out of the folder or to nothing
 */
export async function fileInside(folder: string, name: string, card: string): Promise<string> {
  const outside = (): never => {
    throw new InputError(
      `${card}: names the weights file ${JSON.stringify(name)}, which is not inside the model's folder; put it there and name it alone`,
    );
  };
  const parts = name.split(/[/\\]/);
  if (isAbsolute(name) || /^[a-z]:/i.test(name) || name.includes('\\') || parts.includes('..'))
    return outside();
  const path = join(folder, name);
  let real: string;
  try {
    real = relative(await realpath(folder), await realpath(path));
  } catch {
    throw new InputError(`${path}: the model's weights cannot be read: there is no such file`);
  }
  if (real === '' || real === '..' || real.startsWith(`..${sep}`) || isAbsolute(real)) return outside();
  return path;
}

/** The bytes of a weights file. @throws InputError */
export const readWeightsFile = (path: string): Promise<Uint8Array> => readRegularFile(path, LARGEST_WEIGHTS);

/** Reads a file, but no pipe, device or folder, and none larger than `most` bytes. @throws InputError */
async function readRegularFile(path: string, most: number): Promise<Uint8Array> {
  try {
    await using file = await open(path, NOT_BLOCKING);
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error('it is no file');
    if (stat.size > most) throw new Error(`it has ${stat.size} bytes, more than such files can have`);
    return await file.readFile();
  } catch (error) {
    throw new InputError(`${path}: the model's weights cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Reads and checks a model folder's card.
 *
 * @throws InputError
 */
export async function readModelCard(folder: string): Promise<ModelCard> {
  return parseModelCard(new TextDecoder().decode(await readCard(folder)), join(folder, CARD_FILE));
}

/** Bytes of all files of a model folder. */
export async function folderBytes(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The bytes of a model folder's card. @throws InputError */
export async function readCard(folder: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(join(folder, CARD_FILE), LARGEST_CARD);
  } catch {
    throw new InputError(
      `${folder}: is not a model folder: ${CARD_FILE} cannot be read; give a folder that twnet train wrote`,
    );
  }
}
