/** Which of a model's classes are kept in what is written. */
import { IGNORE_LABEL } from '../classes.js';
import { InputError } from '../errors.js';
import { replaceLabels } from '../kernels/label-maps.js';
import { editDistance, nearestName } from '../options/nearest.js';

/** A class by its id and name. */
export interface NamedClass {
  readonly id: number;
  readonly name: string;
}

export class ClassChoice {
  /** By id. */
  readonly classes: readonly NamedClass[];
  /** What becomes of each label; undefined where all stay. */
  readonly #table: Uint8Array | undefined;

  /**
   * @param names of the model's classes, by id
   * @param wanted names (whatever the case of their letters) or ids of those to keep; default all
   * @param option that `wanted` is the value of, for messages
   * @throws InputError for one that the model does not have, and for none
   */
  constructor(
    readonly names: readonly string[],
    wanted?: readonly (string | number)[],
    option = 'classes',
  ) {
    if (wanted !== undefined && !Array.isArray(wanted))
      throw new InputError(`${option}: is no list; give names or ids of classes, such as ['${names[0]}']`);
    if (wanted?.length === 0)
      throw new InputError(`${option}: none is named; the model's are ${listed(names)}`);
    const ids = new Set(wanted?.map((each) => idOf(each, names, option)) ?? names.keys());
    this.classes = names.flatMap((name, id) => (ids.has(id) ? [{ id, name }] : []));
    if (ids.size === names.length) return;
    this.#table = Uint8Array.from({ length: 256 }, (_, id) => (ids.has(id) ? id : IGNORE_LABEL));
  }

  /** The labels with 255 for classes that are not kept; the same array where all are. */
  keep(labels: Uint8Array): Uint8Array {
    return this.#table ? replaceLabels(labels, this.#table) : labels;
  }
}

function idOf(wanted: string | number, names: readonly string[], option: string): number {
  const text = String(wanted).trim();
  const lower = names.map((name) => name.toLowerCase());
  const id = typeof wanted === 'number' ? -1 : lower.indexOf(text.toLowerCase());
  if (id >= 0) return id;
  if (/^\d+$/.test(text) && Number(text) < names.length) return Number(text);
  const nearest = nearestName(text.toLowerCase(), lower);
  // A slip of the pen leaves two letters in three.
  const isNear = nearest !== undefined && 3 * editDistance(text.toLowerCase(), nearest) <= text.length;
  const hint = isNear ? `; did you mean '${names[lower.indexOf(nearest)]}'?` : '';
  throw new InputError(
    `${option}: the model has no class '${text}'${hint}; its classes are ${listed(names)}`,
  );
}

/** Names with their ids. */
function listed(names: readonly string[]): string {
  return names.map((name, id) => `${name} (${id})`).join(', ');
}
