/** Finds which of a network's outputs says the classes, and how: from what it gave for a picture. */
import { InputError } from '@twnet/core/errors';
import { ANSWER_TYPES, type ImportedOutput, type Layout } from '@twnet/core/network/imported-network';
import { formatTensor } from './picture-input.js';

/** An output as it came. */
export interface Given {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

export interface AnswerOptions {
  /** Classes that there are; without: whatever the network gives. */
  readonly classes?: number;
  /** The output that is meant, where several could be. */
  readonly output?: string;
}

export interface FoundAnswer {
  readonly output: ImportedOutput;
  readonly classes: number;
  readonly notes: readonly string[];
}

/**
 * @param file for errors
 * @throws InputError where none says classes, or not so many
 */
export function findAnswer(file: string, given: readonly Given[], options: AnswerOptions = {}): FoundAnswer {
  const { output: name, classes } = options;
  const asked = name === undefined ? given : given.filter((one) => one.name === name);
  const all = given.map((one) => formatTensor({ ...one, shape: one.dims })).join(' and ');
  if (asked.length === 0)
    throw new InputError(`${file}: has no output ${JSON.stringify(name)}; it gives ${all}`);
  const found = asked.flatMap((one) => answerOf(one, classes) ?? []);
  if (found.length === 0) throw new InputError(`${file}: gives ${all}; ${whatIsMissing(asked, classes)}`);
  // Several heads, of which exporters name the one that counts first.
  const [first, ...others] = found;
  const { content, layout, rank } = first.output;
  const how = { scores: 'scores of every class', foreground: 'scores of one class', labels: 'labels' }[
    content
  ];
  const notes = [
    `output: ${JSON.stringify(first.output.name)}, ${how}${rank === 4 && content === 'scores' ? `, ${layout}` : ''}, ${first.output.columns}×${first.output.rows}${others.length > 0 ? '; the first of several that could be meant (--scores)' : ''}`,
  ];
  if (content === 'foreground')
    notes.push(`a pixel is of class 1 from a score of ${first.output.threshold} on: assumed by their range`);
  return { ...first, notes };
}

function whatIsMissing(given: readonly Given[], classes: number | undefined): string {
  if (classes === undefined)
    return 'none of it is scores [1, classes, rows, columns] or labels [1, rows, columns]';
  const other = given
    .flatMap((one) => answerOf(one, undefined) ?? [])
    .find((one) => one.output.content === 'scores');
  if (other) return `that is ${other.classes} classes, and ${classes} are named; name those that it has`;
  return `none of it is scores of ${classes} classes, [1, ${classes}, rows, columns], or labels [1, rows, columns]`;
}

type Found = Omit<FoundAnswer, 'notes'>;

function answerOf(given: Given, classes: number | undefined): Found | undefined {
  const { name, dims } = given;
  const type = ANSWER_TYPES.find((one) => one === given.type);
  const full = dims.length === 3 ? [1, ...dims] : dims.length === 2 ? [1, 1, ...dims] : dims;
  if (!type || full.length !== 4 || full[0] !== 1) return undefined;
  const isWhole = type !== 'float32' && type !== 'float16';
  const base = { name, type, rank: dims.length };
  for (const layout of layoutsOf(full, classes)) {
    const [channels, rows, columns] = layout === 'NCHW' ? full.slice(1) : [full[3], full[1], full[2]];
    const grid = { layout, rows, columns };
    if (rows < 2 || columns < 2) continue;
    if (channels > 1) {
      if (classes !== undefined && channels !== classes) continue;
      if (channels > 255 || type === 'bool' || type === 'int64') continue;
      return { output: { ...base, ...grid, content: 'scores' }, classes: channels };
    }
    const range = rangeOf(given);
    if (isWhole || (range.whole && classes !== 2))
      return {
        output: { ...base, ...grid, content: 'labels' },
        classes: classes ?? Math.min(255, Math.max(2, range.most + 1)),
      };
    if (classes !== undefined && classes !== 2) continue;
    const isShare = range.least >= 0 && range.most <= 1;
    return { output: { ...base, ...grid, content: 'foreground', threshold: isShare ? 0.5 : 0 }, classes: 2 };
  }
  return undefined;
}

/** In which the channels may be, the likelier first. */
function layoutsOf([, second, third, last]: readonly number[], classes: number | undefined): Layout[] {
  if (classes !== undefined && second !== classes && last === classes) return ['NHWC', 'NCHW'];
  if (second === 1) return ['NCHW', 'NHWC'];
  if (last === 1) return ['NHWC', 'NCHW'];
  return classes === undefined && last < second && last < third ? ['NHWC', 'NCHW'] : ['NCHW', 'NHWC'];
}

function rangeOf({ data }: Given): { least: number; most: number; whole: boolean } {
  let [least, most, whole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (value < least) least = value;
    if (value > most) most = value;
    whole &&= Number.isInteger(value);
  }
  return { least, most, whole };
}
