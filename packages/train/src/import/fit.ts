/** Finds the naming scheme of a file's tensors and where the encoder is among them; says what does not fit. */
import { InputError } from '@twnet/core/errors';
import type { BackboneName } from '@twnet/core/network/backbones';
import { nearestName } from '@twnet/core/options/nearest';
import { encoderConvolutions } from './encoder.js';
import { namings } from './names/index.js';
import type { LayerNames, Naming } from './names/naming.js';
import { printable } from './printable.js';
import type { StoredTensors } from './stored-tensor.js';

export interface Fit {
  readonly naming: Naming;
  /** What stands before every name of the encoder: `module.`, `backbone.`, … */
  readonly prefix: string;
}

/** A tensor that the encoder needs, by its name without prefix. */
interface Wanted {
  readonly name: string;
  /** Of the file's order. */
  readonly shape: readonly number[];
}

interface Scored extends Fit {
  readonly wanted: readonly Wanted[];
  /** Shares of the wanted tensors that are there, and there with the right shape. */
  readonly present: number;
  readonly fitting: number;
}

const MOST_PREFIXES = 16;
/** A file that has fewer of the names is of no known scheme. */
const LEAST_PRESENT = 0.3;

/**
 * The scheme whose every tensor is there with its right shape.
 *
 * @throws InputError that names the first tensor that is not, with the nearest name, or the `--as` that fits
 */
export function fitNaming(tensors: StoredTensors, backbone: BackboneName, source: string): Fit {
  const scored = namings().flatMap((naming) => {
    const wanted = wantedTensors(naming);
    return prefixes(naming, tensors).map((prefix) => score(naming, prefix, wanted, tensors));
  });
  const best = (list: readonly Scored[]): Scored => list.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const asked = best(scored.filter(({ naming }) => naming.backbone === backbone));
  const other = best(scored);
  if (asked.fitting < 1 && other.naming.backbone !== backbone && other.fitting === 1) {
    throw new InputError(
      `${source}: is ${article(other.naming.backbone)} by ${other.naming.program} names, no ${backbone}; import it --as ${other.naming.backbone}`,
    );
  }
  if (asked.present < LEAST_PRESENT) {
    const names = [...tensors.keys()].slice(0, 3).map((name) => printable(name));
    throw new InputError(
      `${source}: no known names of ${article(backbone)} (${programsOf(backbone)}) are among its ${tensors.size} tensors${names.length > 0 ? `: ${names.join(', ')}, …` : ''}`,
    );
  }
  if (asked.fitting < 1) throw new InputError(`${source}: ${mismatch(asked, tensors)}`);
  refuseLarger(asked, tensors, source);
  return asked;
}

const article = (name: string): string => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;

const rank = ({ fitting, present }: Scored): number => 2 * fitting + present;

const programsOf = (backbone: BackboneName): string =>
  namings()
    .filter((naming) => naming.backbone === backbone)
    .map(({ program }) => program)
    .join(', ');

/** Every prefix under which the scheme's first weight occurs. */
function prefixes({ layers }: Naming, tensors: StoredTensors): string[] {
  const [{ weight }] = layers;
  const found = [...tensors.keys()].filter((name) => name.endsWith(weight)).slice(0, MOST_PREFIXES);
  return [...new Set(['', 'module.', ...found.map((name) => name.slice(0, -weight.length))])];
}

function score(naming: Naming, prefix: string, wanted: readonly Wanted[], tensors: StoredTensors): Scored {
  let [present, fitting] = [0, 0];
  for (const { name, shape } of wanted) {
    const tensor = tensors.get(prefix + name);
    if (!tensor) continue;
    present += 1;
    if (tensor.shape.join() === shape.join()) fitting += 1;
  }
  return { naming, prefix, wanted, present: present / wanted.length, fitting: fitting / wanted.length };
}

function wantedTensors(naming: Naming): Wanted[] {
  const convolutions = encoderConvolutions(naming.backbone);
  return naming.layers.flatMap((names, i) => {
    const { layer, shape } = convolutions[i];
    const vector = [layer.channels];
    return [
      { name: names.weight, shape: storedShape(shape, naming, layer.depthwise) },
      ...vectorsOf(names).map((name) => ({ name, shape: vector })),
    ];
  });
}

const vectorsOf = ({ bias, norm }: LayerNames): string[] => [
  ...(bias ? [bias] : []),
  ...Object.values(norm ?? {}),
];

/** The shape that weights of `[outputs, inputs, rows, columns]` have in the file. */
export function storedShape(
  shape: readonly number[],
  { order }: Naming,
  depthwise: boolean,
): readonly number[] {
  const [outputs, inputs, rows, columns] = shape;
  if (order === 'OIHW') return shape;
  return depthwise ? [rows, columns, outputs, 1] : [rows, columns, inputs, outputs];
}

function mismatch({ naming, prefix, wanted }: Scored, tensors: StoredTensors): string {
  const faults = wanted.filter(
    ({ name, shape }) => tensors.get(prefix + name)?.shape.join() !== shape.join(),
  );
  const [{ name, shape }] = faults;
  const tensor = tensors.get(prefix + name);
  const others = faults.length > 1 ? `; ${faults.length - 1} further tensors do not fit` : '';
  const want = `${naming.backbone} by ${naming.program} names wants [${shape}]`;
  // What is called otherwise can only be a tensor that bears no name of the scheme.
  const taken = new Set(wanted.map((entry) => prefix + entry.name));
  const free = [...tensors.keys()].filter((other) => !taken.has(other));
  const near = nearestName(
    prefix + name,
    tensor ? free.filter((other) => tensors.get(other)!.shape.join() === shape.join()) : free,
  );
  const nearest =
    near === undefined
      ? ''
      : `; nearest ${tensor ? 'of that shape' : 'name'}: ${printable(near)} [${tensors.get(near)!.shape}]`;
  return tensor
    ? `${printable(prefix + name)} has the shape [${tensor.shape}], ${want}${nearest}${others}`
    : `has no tensor ${printable(prefix + name)}; ${want}${nearest}${others}`;
}

/** A deeper network of the same family holds every tensor that is wanted, and more of them. */
function refuseLarger({ naming, prefix, wanted }: Scored, tensors: StoredTensors, source: string): void {
  const known = new Set(wanted.map(({ name }) => name));
  for (const [full, { shape }] of tensors) {
    if (!full.startsWith(prefix)) continue;
    const name = full.slice(prefix.length);
    if (known.has(name) || naming.head.test(name) || name.endsWith('.num_batches_tracked')) continue;
    if (naming.encoder.test(name)) {
      throw new InputError(
        `${source}: holds ${printable(full)} [${shape}], which ${article(naming.backbone)} does not have: it is of a larger network`,
      );
    }
  }
}
