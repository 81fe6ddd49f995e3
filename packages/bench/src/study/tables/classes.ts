/** IoU by class, per frame and along motion. */

import { barChart } from '../../report/bar-chart.js';
import type { Block, Section } from '../../report/document.js';
import type { Study } from '../study.js';
import { percent } from './cells.js';
import { clipCommand } from './commands.js';

export function classes(study: Study): Section {
  const names = study.main.card.classes;
  const blocks = study.clips.flatMap((clip): Block[] => {
    const runs = [
      { name: 'per frame', score: study.score(clip, 'per-frame') },
      { name: 'TWNet, Layer 1', score: study.score(clip, 'twnet', { layer: 1 }) },
      { name: 'TWNet, Layer 2', score: study.score(clip, 'twnet', { layer: 2 }) },
      { name: 'warping alone, Layer 1', score: study.score(clip, 'warp-alone', { layer: 1 }) },
    ].flatMap(({ name, score }) => (score ? [{ name, score }] : []));
    return [
      { kind: 'text', text: `**${clip.name}**:` },
      {
        kind: 'chart',
        name: `classes-${clip.name}`,
        svg: barChart({
          groups: names,
          measure: 'IoU, %',
          bars: runs.map(({ name, score }) => ({
            name,
            values: score.classes.map(({ iou }) => (typeof iou === 'number' ? 100 * iou : undefined)),
          })),
          label: `${clip.name}: IoU of each class`,
        }),
        alt: `${clip.name}: IoU of each class`,
      },
      {
        kind: 'table',
        columns: [{ name: 'IoU' }, ...names.map((name) => ({ name })), { name: 'mIoU' }],
        rows: runs.map(({ name, score }) => [
          name,
          ...score.classes.map(({ iou }) => percent(iou)),
          percent(score.meanIou),
        ]),
      },
    ];
  });
  return {
    id: 'classes',
    title: 'IoU by class',
    blocks,
    commands: study.clips.flatMap((clip) =>
      clipCommand(study, clip, '--methods twnet,per-frame,warp-alone --by-class'),
    ),
    missing: [],
  };
}
