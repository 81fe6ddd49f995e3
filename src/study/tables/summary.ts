/** The models that were measured, at a glance. */
import type { Cell, Section } from '../../report/index.js';
import type { Study } from '../study.js';
import { consistencyWeightOf, modulesOf, type StudyModel, trainedLayers } from '../study-model.js';
import { percent, ratio } from './cells.js';

export function summary(study: Study): Section {
  const rows = study.models.flatMap((model) =>
    ['none' as const, ...trainedLayers(model)].map((layer): Cell[] => [
      model.name,
      model.card.backbone,
      layer === 'none' ? 'per frame' : `Layer ${layer}, ${told(model, layer)}`,
      percent(layer === 'none' ? study.contents.stills.get(model.name)?.meanIou : undefined) ?? '',
      ...study.clips.flatMap((clip): Cell[] => {
        const score =
          layer === 'none'
            ? study.score(clip, 'per-frame', { model })
            : study.score(clip, 'twnet', { model, layer });
        return [
          percent(score?.meanIou),
          ratio(study.share(clip, score, model)),
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
        text: 'Key frame drawn uniformly: the paper’s way, each frame at every distance from its key frame alike. Mean over distances: AR-Seg’s. VC8: of the pixels whose true label stays the same for 8 frames, the share whose label does.',
      },
    ],
    commands: [],
    missing: study.contents.stills.size === 0 ? ['stills: give a data set with `--data`'] : [],
  };
}

function told(model: StudyModel, layer: 1 | 2): string {
  const modules = modulesOf(model, layer)!;
  if (!modules.cfr) return 'FT';
  const weight = consistencyWeightOf(model, layer);
  const lambda = weight === undefined || weight === 10 ? '' : `, λ1 = ${weight}`;
  return modules.rga ? `FT + CFR + RGA${lambda}` : `FT + CFR${lambda}`;
}
