/** Table 9: where motion comes from. */

import { motionName } from '@twnet/node/motion/motion-source';
import type { Cell, Section } from '../../report/document.js';
import { PAPER_FLOWS, PAPER_PER_FRAME } from '../paper.js';
import type { Study } from '../study.js';
import { percent, ratio } from './cells.js';
import { clipCommand } from './commands.js';

const TOLD: Readonly<Record<string, string>> = {
  codec: "the codec's vectors",
  accumulated: 'the same, traced back to the key frame',
  flow: "optical flow (Farnebäck's)",
  matching: 'block matching',
};

export function flowModels(study: Study): Section {
  const { motions } = study.contents;
  const columns = study.clips.flatMap(({ name }) => [
    { name: `${name}: warping alone` },
    { name: '÷ per frame' },
    { name: 'TWNet' },
    { name: '÷ per frame' },
    { name: 'ms a frame' },
  ]);
  const rows: Cell[][] = motions.map((motion) => [
    TOLD[motionName(motion)] ?? motionName(motion),
    undefined,
    ...study.clips.flatMap((clip) => {
      const alone = study.score(clip, 'warp-alone', { motion });
      const full = study.score(clip, 'twnet', { motion });
      return [
        percent(alone?.meanIou),
        ratio(study.kept(clip, alone)),
        percent(full?.meanIou),
        ratio(study.kept(clip, full)),
        full?.milliseconds?.toFixed(1),
      ];
    }),
  ]);
  const paper: Cell[][] = PAPER_FLOWS.map(({ name, meanIou }) => [
    `paper: ${name}`,
    (meanIou / PAPER_PER_FRAME.cityscapes.meanIou).toFixed(3),
    ...columns.map(() => ''),
  ]);
  return {
    id: 'table-9',
    title: 'Table 9: motion of several kinds, Layer 1',
    blocks: [
      {
        kind: 'table',
        columns: [{ name: 'motion' }, { name: 'paper: ÷ per frame', paper: true }, ...columns],
        rows: [...rows, ...paper],
      },
      {
        kind: 'text',
        text: "The paper's rows are of warping alone. Milliseconds are of TWNet from decoded frames to labels, on this machine, working out the motion included; all networks were trained along the codec's vectors.",
      },
    ],
    commands: study.clips.flatMap((clip) =>
      motions.flatMap((motion) =>
        clipCommand(study, clip, `--layer 1 --motion ${motionName(motion)}`).slice(-1),
      ),
    ),
    missing: [],
  };
}
