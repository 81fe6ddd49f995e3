/** Figure 7: labels of one frame, one module after the other. */
import { join } from 'node:path';
import { loadLabels } from '@twnet/node/images/label-image';
import { labelFileName } from '@twnet/node/output/label-file-name';
import { labelsPicture, planarPicture } from '../../../../twnet/src/page/pictures.js';
import type { Block, Section } from '../../report/document.js';
import { pictureGrid } from '../../report/strip.js';
import type { Measurements } from '../measurements.js';
import type { Study } from '../study.js';
import type { StudyClip } from '../study-clip.js';
import { keptWays } from './kept-ways.js';

/** Frames shown of a clip, each the last one before a key frame. */
const SHOWN = 3;
const PANEL_WIDTH = 300;

export async function qualitative(study: Study, measurements: Measurements): Promise<Section> {
  const blocks: Block[] = [];
  for (const clip of study.clips) blocks.push(...(await clipStrip(study, clip, measurements)));
  return {
    id: 'figure-7',
    title: 'Figure 7: labels, one module after the other',
    blocks,
    commands: [],
    missing: [],
  };
}

async function clipStrip(study: Study, clip: StudyClip, measurements: Measurements): Promise<Block[]> {
  const { protocol } = study.contents;
  const columns = keptWays(study, clip, measurements);
  if (columns.length === 0) return [];
  const { width, height, frames, labels } = await clip.load();
  const { palette } = study.main.card;
  const last = Array.from({ length: SHOWN }, (_, i) => (i + 1) * protocol.gop - 1);
  const shown = last.filter((index) => index < frames.length);
  const rows = await Promise.all(
    (shown.length > 0 ? shown : [frames.length - 1]).map(async (index) => [
      planarPicture(frames[index], width, height),
      ...(await Promise.all(
        columns.map(async ({ folder }) => {
          const map = await loadLabels(join(folder, labelFileName(index)));
          return labelsPicture(map.labels, width, height, palette);
        }),
      )),
      labelsPicture(labels[index], width, height, palette),
    ]),
  );
  const names = ['picture', ...columns.map(({ name }) => name), 'ground truth'];
  return [
    {
      kind: 'text',
      text: `**${clip.name}**, Layer 1, the last frames before a key frame. From the left: ${names.join(', ')}.`,
    },
    {
      kind: 'picture',
      name: `figure-7-${clip.name}`,
      bytes: await pictureGrid(rows, { width, height, panelWidth: PANEL_WIDTH }),
      format: 'webp',
      alt: `${clip.name}: ${names.join(', ')}`,
    },
  ];
}
