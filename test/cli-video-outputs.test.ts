/** Video outputs of the commands: endings are judged before any work, and values of options where they enter. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { twnetHere } from './run-cli-here.js';

it.each([
  [['segment', 'none.mp4', '-o', 'x.txt'], /x\.txt: no video format has this ending; use \.mp4, .*\.gif/],
  [['inspect', 'none.mp4', '-o', 'x.png'], /x\.png: no video format has this ending/],
  [['encode', 'none.mp4', '-o', 'x.webm'], /x\.webm: WebM does not hold MPEG-4 Part 2; use \.mp4, /],
  [['encode', 'none.mp4', '-o', 'x.gif', '--codec', 'h264'], /x\.gif: GIF does not hold H\.264; use \.mp4, /],
])('%j', async (args, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'twnet-endings-'));
  try {
    expectOneLine(
      await twnetHere(...args.map((arg) => (/^x\./.test(arg) ? join(folder, arg) : arg))),
      2,
      message,
    );
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
