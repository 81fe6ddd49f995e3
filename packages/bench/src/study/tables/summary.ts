/** The models that were measured, at a glance. */
import type { Cell, Section } from '../../report/document.js';
import { modulesName } from '../paper.js';
import type { Study } from '../study.js';
import { consistencyWeightOf, modulesOf, type StudyModel, trainedLayers } from '../study-model.js';
import { percent, ratio } from './cells.js';

export function summary(study: Study): Section {
  const { variants, stills } = study.contents;
  const rows = [...new Set([...study.models, ...variants])].flatMap((model) =>
    ['none' as const, ...trainedLayers(model)].map((layer): Cell[] => [
      model.name,
      model.card.backbone,
      layer === 'none' ? 'per frame' : `Layer ${layer}, ${told(model, layer)}`,
      layer === 'none' ? '' : stepsOf(model, layer),
      percent(layer === 'none' ? stills.get(model.name)?.meanIou : undefined) ?? '',
      ...study.clips.flatMap((clip): Cell[] => {
        const score =
          layer === 'none'
            ? study.score(clip, 'per-frame', { model })
            : study.score(clip, 'twnet', { model, layer });
        return [
          percent(score?.meanIou),
          ratio(study.kept(clip, score, model)),
          percent(score?.uniformDistance?.expected),
          percent(score?.meanOverDistances),
          percent(score?.videoConsistency.vc8),
        ];
      }),
    ]),
  );
  return {
    id: 'summary',
    title: 'The models',
    blocks: [
      {
        kind: 'table',
        columns: [
          { name: 'model' },
          { name: 'backbone' },
          { name: 'network' },
          { name: 'steps of step 2' },
          { name: 'stills: mIoU' },
          ...study.clips.flatMap(({ name }) => [
            { name: `${name}: mIoU` },
            { name: '÷ per frame' },
            { name: 'mIoU, key frame drawn uniformly' },
            { name: 'mean over distances' },
            { name: 'VC8' },
          ]),
        ],
        rows,
      },
      {
        kind: 'text',
        text: 'Key frame drawn uniformly: the paper’s way, each frame at every distance from its key frame alike. Mean over distances: AR-Seg’s. Steps of step 2: of the correction stage alone, then of all. VC8: of the pixels whose true label stays the same for 8 frames, the share whose label does.',
      },
    ],
    commands: [],
    missing: stills.size === 0 ? ['stills: give a data set with `--data`'] : [],
  };
}

/** Steps of the joint training, and before it of the correction stage alone. */
function stepsOf({ card }: StudyModel, layer: 1 | 2): Cell {
  const training = card.networks[`layer${layer}`]?.training;
  const steps = training?.steps;
  if (typeof steps !== 'number') return undefined;
  const { cfr, consistencyWeight, correction } = training as {
    readonly cfr?: boolean;
    readonly consistencyWeight?: number;
    readonly correction?: { readonly steps?: number };
  };
  const alone = cfr === false || consistencyWeight === 0 ? 0 : (correction?.steps ?? 0);
  return alone > 0 ? `${alone} + ${steps}` : String(steps);
}

function told(model: StudyModel, layer: 1 | 2): string {
  const modules = modulesOf(model, layer)!;
  const weight = consistencyWeightOf(model, layer);
  const shown = modules.cfr && weight !== undefined && weight !== 10;
  return `${modulesName(modules)}${shown ? `, λ1 = ${weight}` : ''}`;
}
