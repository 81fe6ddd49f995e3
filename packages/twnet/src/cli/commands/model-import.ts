/** What `twnet model import` does. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, messageOf } from '@twnet/core/errors';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import type { ImportedClasses } from '@twnet/node/import/class-file';
import type { ImportReport } from '@twnet/node/import/import-network';
import type { PixelConvention, PixelRange, Triple } from '@twnet/node/import/pixel-convention';
import { showOpening } from '../progress.js';
import { written, writtenLine } from '../written.js';

export interface ModelImportFlags {
  readonly classes?: string;
  readonly output?: string;
  readonly picture?: string;
  readonly preprocessor?: string;
  readonly range?: PixelRange;
  readonly mean?: Triple;
  readonly std?: Triple;
  readonly bgr?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
  readonly input?: string;
  readonly scores?: string;
  readonly layout?: 'NCHW' | 'NHWC';
  readonly name?: string;
  readonly licence?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Texts of a few kilobytes; what is larger is none of them. */
const LARGEST_TEXT = 2 ** 22;
const PREPROCESSOR = 'preprocessor_config.json';
const CONFIG = 'config.json';
const SCENE = { width: 1280, height: 720, seed: 4, frameRate: 15 };

export async function importModelFile(file: string, flags: ModelImportFlags): Promise<void> {
  const output = flags.output ?? join(dirname(file), basename(file).replace(/(?<=.)\.onnx$/i, ''));
  const { force, json } = flags;
  const named = [flags.picture, flags.classes, flags.preprocessor].filter((path) => path !== undefined);
  claimOutputs([{ path: output, kind: 'folder', flag: '-o' }], {
    ...{ inputs: [file, ...named], force, stdout: json ? '--json' : undefined },
  });
  const [{ importNetwork }, { AtomicFolder }] = await Promise.all([
    import('@twnet/node/import/import-network'),
    import('@twnet/node/files/atomic-folder'),
  ]);
  const classes = await classesOf(file, flags);
  const pixels = await pixelsOf(file, flags);
  const picture = await pictureOf(flags.picture);
  using folder = new AtomicFolder(output, { force });
  const { input, scores, layout, size, name, licence } = flags;
  const opening = showOpening('model', file, json);
  const report = await importNetwork(file, folder, {
    ...{
      ...(classes ? { classes } : {}),
      pixels,
      picture,
      input,
      output: scores,
      layout,
      size,
      name,
      licence,
    },
  });
  opening[Symbol.dispose]();
  folder.commit();
  const made = written(output, 'model');
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...report, output, outputs: [made] }, null, 2)}\n`);
    return;
  }
  const lines = [...formatImport(output, report, flags), writtenLine(made)];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function classesOf(file: string, { classes }: ModelImportFlags): Promise<ImportedClasses | undefined> {
  const { knownClasses, parseClasses } = await import('@twnet/node/import/class-file');
  if (classes === undefined) {
    const beside = join(dirname(file), CONFIG);
    const text = existsSync(beside) ? await textOf(beside) : '';
    return text.includes('"id2label"') ? parseClasses(text, beside) : undefined;
  }
  return (
    (existsSync(classes) ? undefined : knownClasses(classes)) ?? parseClasses(await textOf(classes), classes)
  );
}

async function pixelsOf(file: string, flags: ModelImportFlags): Promise<PixelConvention> {
  const { parsePreprocessor, pixelConvention } = await import('@twnet/node/import/pixel-convention');
  const beside = join(dirname(file), PREPROCESSOR);
  const path = flags.preprocessor ?? (existsSync(beside) ? beside : undefined);
  const config = path === undefined ? undefined : parsePreprocessor(await textOf(path), path);
  const { range, mean, std, bgr } = flags;
  if (range !== undefined && (mean ?? std) !== undefined)
    throw new InputError(`--range ${range}: --mean and --std say how pixels enter, too; choose one`);
  return pixelConvention({ range, mean, deviation: std, bgr }, config);
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_TEXT) throw new Error(`it has ${size} bytes, more than such files can have`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${messageOf(error)}`);
  }
}

async function pictureOf(path: string | undefined) {
  if (path !== undefined) return (await import('@twnet/node/images/images')).loadImage(path);
  const { StreetScene } = await import('@twnet/street/street-scene');
  const [{ pixels }] = new StreetScene(SCENE).frames(1);
  return { width: SCENE.width, height: SCENE.height, pixels };
}

const MOST_SHARES = 6;

function formatImport(output: string, report: ImportReport, { picture }: ModelImportFlags): string[] {
  const { card, producer, opsets, operators, bytes, notes, shares } = report;
  const { input } = card.imported!;
  const size = `${input.width}×${input.height}`;
  const sets = Object.entries(opsets).map(([domain, version]) => `${domain} ${version}`);
  const found = shares
    .slice(0, MOST_SHARES)
    .map(({ name, share }) => `${name} ${(100 * share).toFixed(1)} %`);
  return [
    `${resolve(output)}: ${card.name}, ${card.classes.length} classes`,
    `  file      ${operators} operators (${sets.join(', ')})${producer ? `, by ${producer}` : ''}, ${(bytes / 1e6).toFixed(1)} MB`,
    `  picture   ${JSON.stringify(input.name)} ${input.type} ${input.layout}, ${input.multiple === undefined ? size : `any size, meant for ${size}`}`,
    ...notes.map((note) => `  note      ${note}`),
    `  tried on  ${picture ?? 'a rendered street'}: ${found.join(', ') || 'none of its classes'}${shares.length > MOST_SHARES ? ', …' : ''}`,
  ];
}
