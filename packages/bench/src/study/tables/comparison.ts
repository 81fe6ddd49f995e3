/** Tables 5 and 11: beside other ways of segmenting video. */
import type { ClipMethod } from '../../accuracy/clip-method.js';
import type { Cell, Section } from '../../report/document.js';
import { PAPER_CAMVID_MODELS, PAPER_VIDEO_MODELS } from '../paper.js';
import type { Study } from '../study.js';
import { trainedLayers } from '../study-model.js';
import { percent, ratio, times } from './cells.js';
import { clipCommand } from './commands.js';

/** What is compared with TWNet, under the same key-frame network. */
export const BASELINES: readonly { readonly method: ClipMethod; readonly name: string }[] = [
  { method: 'warp-alone', name: 'warping alone, Layer 1' },
  { method: 'prop-mv', name: 'Prop-mv' },
  { method: 'interp-mv', name: 'Interp-mv' },
  { method: 'dff', name: 'DFF' },
  { method: 'taplab', name: 'TapLab' },
];

export function comparison(study: Study): Section {
  const columns = study.clips.flatMap(({ name }) => [
    { name: `${name}: mIoU` },
    { name: '÷ per frame' },
    { name: 'speed' },
    { name: 'VC8' },
  ]);
  const cells = (of: (clip: (typeof study.clips)[number]) => ReturnType<Study['score']>): Cell[] =>
    study.clips.flatMap((clip) => {
      const score = of(clip);
      const perFrame = study.score(clip, 'per-frame');
      return [
        percent(score?.meanIou),
        ratio(study.kept(clip, score)),
        times(score && perFrame && perFrame.milliseconds / score.milliseconds),
        percent(score?.videoConsistency.vc8),
      ];
    });
  const rows: Cell[][] = [
    ['per frame', ...cells((clip) => study.score(clip, 'per-frame'))],
    ...trainedLayers(study.main).map((layer) => [
      `TWNet, Layer ${layer}`,
      ...cells((clip) => study.score(clip, 'twnet', { layer })),
    ]),
    ...BASELINES.map(({ method, name }) => [name, ...cells((clip) => study.score(clip, method))]),
  ];
  return {
    id: 'table-5',
    title: 'Tables 5 and 11: beside other methods',
    blocks: [
      { kind: 'text', text: 'Measured here, all on the same key-frame network and the same streams:' },
      { kind: 'table', columns: [{ name: 'method' }, ...columns], rows },
      {
        kind: 'text',
        text: 'Speed is from decoded frames to labels, per frame ÷ method. Interp-mv waits for the next key frame.',
      },
      {
        kind: 'text',
        text: "The paper's Table 11 (CamVid at 720 × 960), and what was measured on stills here:",
      },
      { kind: 'table', ...camvidTable(study) },
      { kind: 'text', text: "The paper's Table 5, video-based models on Cityscapes at 1024 × 2048:" },
      {
        kind: 'table',
        columns: ['model', 'mIoU per frame', 'mIoU', '÷ per frame', 'speed'].map((name) => ({
          name,
          paper: true,
        })),
        rows: PAPER_VIDEO_MODELS.map(({ name, perFrame, meanIou, speedUp }) => [
          name,
          perFrame.toFixed(1),
          meanIou.toFixed(1),
          (meanIou / perFrame).toFixed(3),
          times(speedUp),
        ]),
      },
    ],
    commands: study.clips.flatMap((clip) =>
      clipCommand(study, clip, '--methods twnet,per-frame,warp-alone,prop-mv,interp-mv,dff,taplab'),
    ),
    missing: [],
  };
}

function camvidTable(study: Study) {
  const columns = [
    { name: 'model' },
    { name: 'mIoU per frame' },
    { name: 'mIoU' },
    { name: '÷ per frame' },
    { name: 'speed' },
  ];
  const rows: Cell[][] = PAPER_CAMVID_MODELS.map(({ name, perFrame, meanIou, perFrameRate, rate }) => [
    `paper: ${name}`,
    perFrame.toFixed(1),
    meanIou?.toFixed(1),
    ratio(meanIou === undefined ? undefined : meanIou / perFrame),
    times(rate === undefined || perFrameRate === undefined ? undefined : rate / perFrameRate),
  ]);
  for (const model of study.models) {
    const stills = study.contents.stills.get(model.name);
    if (!stills) continue;
    rows.push([
      `${model.name}: ${stills.pictures} stills`,
      percent(stills.meanIou),
      undefined,
      undefined,
      undefined,
    ]);
  }
  return { columns, rows };
}
