/** ONNX files of other programs, with the files beside them that hold their data, made one. */
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { InputError, messageOf } from '@twnet/core/errors';
import { containedOnnx } from '@twnet/core/graph/onnx-contained';
import { type ExternalTensor, type OnnxSummary, readOnnx } from '@twnet/core/graph/onnx-reader';

/** Bytes of a network, its data included: what model folders take. */
export const LARGEST_NETWORK = 2 ** 30;
/** Opening a pipe would else wait for somebody to write to it. Windows has neither. */
const NOT_BLOCKING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Domains of operators that ONNX Runtime has. */
const KNOWN_DOMAINS = new Set(['', 'ai.onnx.ml', 'com.microsoft']);
/** Has a driver open a file that the network names. */
const OPENS_FILES = 'com.microsoft.EPContext';

export interface OnnxFile {
  /** The network in one piece: needs no other file. */
  readonly bytes: Uint8Array;
  readonly summary: OnnxSummary;
}

/**
 * Reads an ONNX file and the files beside it that it names. Nothing outside its folder is opened.
 *
 * @throws InputError for what is none, is too large, names files elsewhere, or has operators that no engine here has
 */
export async function readOnnxFile(path: string): Promise<OnnxFile> {
  const bytes = await readRegular(path, LARGEST_NETWORK, path);
  let summary: OnnxSummary;
  try {
    summary = readOnnx(bytes);
  } catch (error) {
    throw new InputError(`${path}: ${messageOf(error)}`);
  }
  checkOperators(path, summary);
  const data = await externalData(path, summary.external, LARGEST_NETWORK - bytes.length);
  return { bytes: containedOnnx(bytes, (index) => data[index]), summary };
}

/** @throws InputError */
function checkOperators(path: string, { operators, functions }: OnnxSummary): void {
  for (const operator of operators.keys()) {
    const at = operator.lastIndexOf('.');
    const domain = at < 0 ? '' : operator.slice(0, at);
    if (operator === OPENS_FILES || !(KNOWN_DOMAINS.has(domain) || functions.has(domain)))
      throw new InputError(
        `${path}: has the operator ${JSON.stringify(operator)}, which ONNX Runtime does not have here; export the network in ONNX's own operators`,
      );
  }
}

/** The data of tensors, in their order. Each file is read once. */
async function externalData(
  path: string,
  tensors: readonly ExternalTensor[],
  room: number,
): Promise<Uint8Array[]> {
  const files = new Map<string, Uint8Array>();
  let left = room;
  for (const { location } of tensors) {
    if (files.has(location)) continue;
    const bytes = await readRegular(await besides(path, location), left, path);
    files.set(location, bytes);
    left -= bytes.length;
  }
  return tensors.map(({ name, location, offset, length }) => {
    const file = files.get(location)!;
    if (offset + length > file.length)
      throw new InputError(
        `${path}: ${JSON.stringify(location)} ends before the data of its tensor ${JSON.stringify(name)}; it is another network's, or was cut short`,
      );
    return file.subarray(offset, offset + length);
  });
}

/** A file that an ONNX file names, which has to lie in its folder or further in, whatever links lead there. */
async function besides(path: string, location: string): Promise<string> {
  const named = `${path}: has data in the file ${JSON.stringify(location)}`;
  const outside = (): InputError =>
    new InputError(
      `${named}, which is not beside it; export the network again, with its data in its own folder`,
    );
  const parts = location.split(/[/\\]/);
  if (isAbsolute(location) || /^[a-z]:/i.test(location) || location.includes('\\') || parts.includes('..'))
    throw outside();
  const folder = dirname(path);
  let real: string;
  try {
    real = relative(await realpath(folder), await realpath(join(folder, location)));
  } catch {
    throw new InputError(`${named}, which is not there; copy it beside it`);
  }
  if (real === '' || real === '..' || real.startsWith(`..${sep}`) || isAbsolute(real)) throw outside();
  return join(folder, location);
}

/** Reads a file, but no pipe, device or folder. @param of the ONNX file, for errors */
async function readRegular(path: string, most: number, of: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, NOT_BLOCKING);
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error('it is no file');
    if (stat.size > most)
      throw new Error(`a network may have ${LARGEST_NETWORK / 2 ** 20} MB, its data included`);
    return await file.readFile();
  } catch (error) {
    const what = path === of ? 'it cannot be read' : `its data in ${path} cannot be read`;
    throw new InputError(`${of}: ${what}: ${messageOf(error)}`);
  }
}
