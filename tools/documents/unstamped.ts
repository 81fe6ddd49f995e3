/** Numbers of a document that look measured and stand outside a marker. */
import { MARKER } from './fill.js';

/**
 * Marks the paragraph, list or table that follows: its numbers are settings, constants or others' figures, and which
 * is said in the mark, as in `<!-- not measured: the paper's -->`.
 */
const MARK = /^\s*<!-- not measured: \S.*-->$/;

const UNIT =
  '(?:%|ms|s|seconds?|minutes?|hours?|milliseconds?|kB|KB|MB|MiB|GB|GiB|fps|frames a second|points?|G?MACs|G?FLOPs?(?:/s)?|times|× as)';
const WITH_UNIT = new RegExp(`(?<![\\w.])\\d[\\d,]*(?:\\.\\d+)?(?: |\\u00a0)?${UNIT}(?![\\w-])`, 'u');
const DECIMAL = /(?<![\d.])\d+\.\d+(?!\.?\d)/;
/** Versions, sections and tables are numbers of names. */
const NAMES =
  /\b[A-Z][A-Za-z]*-\d\.\d\b|\b(?:Node(?:\.js)?|FFmpeg|Runtime|PyTorch|TypeScript|twnet|version|Secs?\.|Tables?|Eqs?\.|Python|Debian|npm)(?:'s)? \d+(?:\.\d+)+(?:(?:,| and| to| or) \d+(?:\.\d+)+)*/g;

/** One line for each such number: where, and what. */
export function unstampedNumbers(document: string): string[] {
  const faults: string[] = [];
  let fenced = false;
  let marked = false;
  const lines = withoutMarkers(document).split('\n');
  for (const [index, line] of lines.entries()) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    if (fenced || /^( {4}|\t)/.test(line)) continue;
    if (MARK.test(line)) {
      marked = true;
      continue;
    }
    // A blank line right below the mark belongs to it.
    if (line.trim() === '' && !MARK.test(lines[index - 1] ?? '')) marked = false;
    if (marked) continue;
    const prose = line
      .replaceAll(/`[^`]*`/g, '')
      .replaceAll(/<!--.*?-->/g, '')
      .replaceAll(/\]\([^)]*\)/g, ']')
      .replaceAll(/https?:\S+/g, '')
      .replaceAll(NAMES, '');
    const found = WITH_UNIT.exec(prose) ?? DECIMAL.exec(prose);
    if (found)
      faults.push(
        `line ${index + 1}: “${found[0]}” looks measured and is not filled from a measurement: use a marker, or mark the paragraph with <!-- not measured: … -->`,
      );
  }
  return faults;
}

/** Blanks markers, keeping their lines. */
function withoutMarkers(document: string): string {
  return document.replaceAll(MARKER, (marker) => marker.replaceAll(/[^\n]/g, ''));
}
