/** What an encoder's file says of where it comes from, and what a model card makes of it. */
import { basename } from 'node:path';
import type { ImportReport } from './import-encoder.js';
import { OWN_PROGRAM } from './names/naming.js';
import { printable } from './printable.js';

/** Metadata of a safetensors file. */
export type EncoderMetadata = Readonly<Record<string, string>>;

const KEPT = ['source', 'licence', 'padding', 'pixels', 'notes'];

/** An encoder in this project's own names keeps what its file said; others get where and how they were read. */
export function encoderMetadata(report: ImportReport, file: EncoderMetadata): EncoderMetadata {
  const { source, backbone, format, names, pixels, ownPixels, padding, notes } = report;
  const here = ownPixels === 'twnet' ? '(x - 128) / 127.5' : `those of ${ownPixels}`;
  const said = Object.fromEntries(KEPT.filter((key) => file[key]).map((key) => [key, file[key]]));
  if (names === OWN_PROGRAM) return { backbone, source: basename(source), ...said };
  return {
    backbone,
    source: `${printable(basename(source))} (${format}, ${names} names)`,
    ...(said.licence ? { licence: said.licence } : {}),
    padding: `made for ${padding.source}, used with ${padding.here}`,
    pixels: pixels === ownPixels ? `made for ${pixels}, used so` : `made for ${pixels}, adapted to ${here}`,
    ...(notes.length > 0 ? { notes: notes.join('; ') } : {}),
  };
}

/** One sentence for a model card's `startedFrom`. */
export function encoderOrigin({ source, licence, notes }: EncoderMetadata): string {
  const terms = licence ? `, ${printable(licence)}` : ', licence not stated in the file';
  return `an encoder from ${printable(source, 200)}${terms}${notes ? `; ${printable(notes, 500)}` : ''}`;
}
