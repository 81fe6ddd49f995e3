/** Listing folders of pictures and pairing them with their label files. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const PICTURE = /\.(png|jpe?g|webp|tiff?)$/i;

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** Pictures below a folder, as sorted relative paths with `/`; none where there is no such folder. */
export async function listPictures(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      for (const name of await listPictures(join(folder, entry.name))) found.push(`${entry.name}/${name}`);
    } else if (PICTURE.test(entry.name)) found.push(entry.name);
  }
  return found.sort();
}

export interface Pairing {
  readonly pairs: readonly { readonly key: string; readonly image: string; readonly label: string }[];
  readonly unpaired: readonly string[];
}

/**
 * Pairs pictures with label files by a key that both names give.
 *
 * @param imageKey the key of a picture's relative path; undefined for files that are not pictures of the set
 */
export async function pairFolders(
  images: string,
  labels: string,
  imageKey: (name: string) => string | undefined,
  labelKey: (name: string) => string | undefined,
): Promise<Pairing> {
  const [pictures, maps] = [
    byKey(images, await listPictures(images), imageKey),
    byKey(labels, await listPictures(labels), labelKey),
  ];
  const pairs = [...pictures].flatMap(([key, image]) => {
    const label = maps.get(key);
    return label === undefined ? [] : [{ key, image, label }];
  });
  const alone = (these: Map<string, string>, others: Map<string, string>): string[] =>
    [...these].filter(([key]) => !others.has(key)).map(([, path]) => path);
  return { pairs, unpaired: [...alone(pictures, maps), ...alone(maps, pictures)] };
}

function byKey(
  folder: string,
  names: readonly string[],
  keyOf: (name: string) => string | undefined,
): Map<string, string> {
  const keyed = new Map<string, string>();
  for (const name of names) {
    const key = keyOf(name);
    if (key !== undefined) keyed.set(key, join(folder, name));
  }
  return keyed;
}

/** Without the extension. */
export function stem(name: string): string {
  return name.replace(/\.[^./]+$/, '');
}

/**
 * Name of the sequence and number of the frame: `0006R0_f00930`, `drive/000120`. A name of digits alone is of one
 * sequence without a name; a name that ends in no number has none.
 */
export function sequenceAndFrame(key: string): { sequence: string; frame?: number } {
  const match = /^(?:(.+)[_/])?f?(\d+)$/.exec(key);
  return match
    ? { sequence: match[1] ?? '', frame: Number(match[2]) }
    : { sequence: /^(.*?)[_/]/.exec(key)?.[1] ?? '' };
}
