/** Tables 1, 3, 4 and 10: what each module adds. */
import type { Cell, Column, Section } from '../../report/document.js';
import {
  FINE_TUNED,
  FULL,
  MODULE_ROWS,
  type Modules,
  modulesName,
  PAPER_CAMVID,
  PAPER_CATEGORIES,
  PAPER_CITYSCAPES,
  PAPER_GFLOPS,
  PAPER_LAYER3,
  PAPER_PER_FRAME,
  WARPING,
  WITH_CFR,
} from '../paper.js';
import type { Study } from '../study.js';
import { percent, ratio, tick, times } from './cells.js';
import { clipCommand, variantCommands } from './commands.js';

const LAYERS = [1, 2] as const;

/** For each clip: mIoU and the share of the per-frame network's. */
function clipColumns({ clips }: Study): Column[] {
  return clips.flatMap(({ name }) => [{ name: `${name}: mIoU` }, { name: '÷ per frame' }]);
}

function clipCells(study: Study, layer: 1 | 2, modules: Modules): Cell[] {
  return study.clips.flatMap((clip) => {
    const score = study.moduleScore(clip, layer, modules);
    return [percent(score?.meanIou), ratio(study.kept(clip, score, study.base))];
  });
}

function perFrameCells(study: Study): Cell[] {
  return study.clips.flatMap((clip) => [
    percent(study.score(clip, 'per-frame', { model: study.base })?.meanIou),
    '1',
  ]);
}

/** Models that a table would need and that were not given, in one line. */
function missingModels(
  study: Study,
  wanted: readonly Modules[],
  layers: readonly (1 | 2)[] = LAYERS,
): string[] {
  const rows = layers.flatMap((layer) =>
    wanted
      .filter((modules) => !study.modelWith(layer, modules))
      .map((modules) => `${modulesName(modules)} at Layer ${layer}`),
  );
  if (rows.length === 0) return [];
  return [
    `${rows.join('; ')}. There is no such model on the key-frame network of ${study.base.name}: train it (\`twnet train nonkey\`, without CFR by \`--no-cfr\`, without RGA by \`--no-rga\`) and give it with \`--variants\``,
  ];
}

/** With its sign; a tail of low rank, which comes with fine-tuning, makes it negative. */
function change(gigaMacs: number): string {
  const size = gigaMacs === 0 ? '0' : Math.abs(gigaMacs).toPrecision(2);
  return `${gigaMacs < 0 ? '−' : '+'}${size}`;
}

/** Table 1. */
export function warpingLayers(study: Study): Section {
  const paperShare = (meanIou: number): string => (meanIou / PAPER_PER_FRAME.cityscapes.meanIou).toFixed(3);
  const rows: Cell[][] = [['per frame', '', '1', ...perFrameCells(study), times(1)]];
  for (const layer of LAYERS)
    for (const [index, modules] of [WARPING, FINE_TUNED].entries()) {
      const paper = PAPER_CITYSCAPES[layer][index];
      rows.push([
        `Layer ${layer}`,
        tick(modules.fineTuned),
        paperShare(paper.meanIou),
        ...clipCells(study, layer, modules),
        times(study.speedUp(layer)),
      ]);
    }
  const layer3 = study.clips.flatMap((clip) => {
    const score = study.score(clip, 'warp-alone', { model: study.base, layer: 3 });
    return [percent(score?.meanIou), ratio(study.kept(clip, score, study.base))];
  });
  rows.push(['Layer 3', '–', paperShare(PAPER_LAYER3.meanIou), ...layer3, times(study.speedUp(3))]);
  return {
    id: 'table-1',
    title: 'Table 1: the layer that is warped',
    blocks: [
      {
        kind: 'table',
        columns: [
          { name: 'warped' },
          { name: 'fine-tuned' },
          { name: 'paper: ÷ per frame', paper: true },
          ...clipColumns(study),
          { name: `speed, GOP of ${study.contents.protocol.gop}` },
        ],
        rows,
      },
    ],
    commands: study.clips.flatMap((clip) => variantCommands(study, clip)),
    missing: missingModels(study, [FINE_TUNED]),
  };
}

/** Tables 3 and 10. */
export function moduleEffects(study: Study): Section {
  const rows: Cell[][] = [
    ['per frame', '', '', '', '1', '1', ...perFrameCells(study), study.gigaMacs('key').toFixed(3), ''],
  ];
  for (const layer of LAYERS)
    for (const [index, modules] of MODULE_ROWS.entries()) {
      const share = (rowsOf: typeof PAPER_CITYSCAPES, perFrame: number): string =>
        (rowsOf[layer][index].meanIou / perFrame).toFixed(3);
      const before = index === 0 ? 0 : study.gigaMacs(layer, MODULE_ROWS[index - 1]);
      const cost = study.gigaMacs(layer, modules) - before;
      rows.push([
        `Layer ${layer}`,
        tick(modules.fineTuned),
        tick(modules.cfr),
        tick(modules.rga),
        share(PAPER_CITYSCAPES, PAPER_PER_FRAME.cityscapes.meanIou),
        share(PAPER_CAMVID, PAPER_PER_FRAME.camvid.meanIou),
        ...clipCells(study, layer, modules),
        index === 0 ? cost.toFixed(3) : change(cost),
        PAPER_GFLOPS[layer][index],
      ]);
    }
  return {
    id: 'table-3',
    title: 'Tables 3 and 10: what each module adds',
    blocks: [
      {
        kind: 'table',
        columns: [
          { name: 'warped' },
          { name: 'fine-tuned' },
          { name: 'CFR' },
          { name: 'RGA' },
          { name: 'paper, Cityscapes: ÷ per frame', paper: true },
          { name: 'paper, CamVid: ÷ per frame', paper: true },
          ...clipColumns(study),
          { name: 'GMACs' },
          { name: 'paper: GFLOPs', paper: true },
        ],
        rows,
      },
    ],
    commands: study.clips.flatMap((clip) => variantCommands(study, clip)),
    missing: missingModels(study, [FINE_TUNED, WITH_CFR, FULL]),
  };
}

/** Table 4, for each clip. */
export function categoryGains(study: Study): Section {
  const names = Object.keys(PAPER_CATEGORIES);
  const blocks = study.clips.flatMap((clip) => {
    const cells = (modules: Modules): Cell[] => {
      const score = study.moduleScore(clip, 1, modules);
      const warping = study.moduleScore(clip, 1, WARPING);
      return names.map((name) => {
        const iou = score?.categories.find((category) => category.name === name)?.iou;
        const before = warping?.categories.find((category) => category.name === name)?.iou;
        const figure = percent(iou);
        if (figure === undefined || modules === WARPING || before === undefined || iou === undefined)
          return figure;
        const gain = 100 * (iou - before);
        return `${figure} (${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(1)})`;
      });
    };
    const paper = (index: number): Cell[] =>
      names.map((name) => {
        const [warping] = PAPER_CATEGORIES[name];
        const figure = PAPER_CATEGORIES[name][index];
        return index === 0 ? figure.toFixed(1) : `${figure.toFixed(1)} (+${(figure - warping).toFixed(1)})`;
      });
    return [
      { kind: 'text' as const, text: `**${clip.name}**: ${clip.about}.` },
      {
        kind: 'table' as const,
        columns: [{ name: 'Layer 1' }, ...names.map((name) => ({ name }))],
        rows: [
          ...MODULE_ROWS.map((modules) => [modulesName(modules), ...cells(modules)]),
          ['per frame', ...perFrameCategories(study, clip.name, names)],
          ...(clip === study.clips[0]
            ? MODULE_ROWS.map((modules, index) => [
                `paper, Cityscapes: ${modulesName(modules)}`,
                ...paper(index),
              ])
            : []),
        ],
      },
    ];
  });
  return {
    id: 'table-4',
    title: 'Table 4: IoU by category, gain over warping alone',
    blocks,
    commands: study.clips.flatMap((clip) =>
      clipCommand(study, clip, '--methods twnet,per-frame,warp-alone --by-class'),
    ),
    missing: missingModels(study, [FINE_TUNED, WITH_CFR, FULL], [1]),
  };
}

function perFrameCategories(study: Study, clipName: string, names: readonly string[]): Cell[] {
  const clip = study.clips.find(({ name }) => name === clipName)!;
  const score = study.score(clip, 'per-frame', { model: study.base });
  return names.map((name) => percent(score?.categories.find((category) => category.name === name)?.iou));
}
