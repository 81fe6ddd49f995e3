/**
 * Fills a document's markers: `<!--= EXPRESSION -->value<!--/-->` within a line, `<!--= table NAME -->` … `<!--/-->`
 * around a table. Both are invisible where Markdown is rendered.
 */
import { evaluate, Unmeasured } from './expression.js';
import type { MeasurementsByName } from './measurements.js';

export const MARKER = /<!--= *(.*?) *-->([\s\S]*?)<!--\/-->/g;
const TABLE = /^table (\S+)$/;

export type Tables = Readonly<Record<string, (measurements: MeasurementsByName) => string>>;

/** What markers are filled from. */
export interface FillSources {
  readonly measurements: MeasurementsByName;
  readonly tables: Tables;
  /** Measurements that there will be: figures of those that are missing are dashes, not faults. */
  readonly planned: readonly string[];
}

export interface Filled {
  readonly text: string;
  /** Markers that cannot be filled, and why; they keep what they have. */
  readonly faults: readonly string[];
}

export function fill(document: string, { measurements, tables, planned }: FillSources): Filled {
  const faults: string[] = [];
  const text = document.replaceAll(MARKER, (marker, expression: string, before: string, at: number) => {
    const line = document.slice(0, at).split('\n').length;
    if (isCode(document, at)) return marker;
    try {
      const table = TABLE.exec(expression)?.[1];
      if (table === undefined && startsBlock(document, at))
        throw new Error('a marker must not begin a line, where Markdown takes the whole line for HTML');
      const value =
        table === undefined ? evaluate(expression, measurements) : block(table, measurements, tables);
      return `<!--= ${expression} -->${value}<!--/-->`;
    } catch (error) {
      if (error instanceof Unmeasured && planned.includes(error.measurement))
        return `<!--= ${expression} -->–<!--/-->`;
      faults.push(`line ${line}: ${(error as Error).message}`);
      return marker.replace(before, () => before);
    }
  });
  const open = text
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(MARKER, '')
    .search(/<!--=|<!--\/-->/);
  if (open >= 0) faults.push('a marker is not closed, or closed twice');
  return { text, faults };
}

/** In an indented block. */
function isCode(document: string, at: number): boolean {
  return document.startsWith('    ', document.lastIndexOf('\n', at - 1) + 1);
}

function startsBlock(document: string, at: number): boolean {
  const line = document.slice(document.lastIndexOf('\n', at - 1) + 1, at);
  return /^\s*([-*+>]\s+|\d+\.\s+)*$/.test(line);
}

function block(name: string, measurements: MeasurementsByName, tables: Tables): string {
  const table = tables[name];
  if (!table) throw new Error(`there is no table ${name}; there are ${Object.keys(tables).join(', ')}`);
  return `\n\n${table(measurements)}\n\n`;
}
