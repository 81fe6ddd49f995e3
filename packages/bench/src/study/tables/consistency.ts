/** Table 2: the weight of L_consist. */
import type { Cell, Section } from '../../report/document.js';
import { PAPER_CONSISTENCY_WEIGHTS, PAPER_PER_FRAME, WITH_CFR } from '../paper.js';
import type { Study } from '../study.js';
import { percent, ratio } from './cells.js';
import { variantCommands } from './commands.js';

export function consistencyWeights(study: Study): Section {
  const rows: Cell[][] = [];
  const absent: string[] = [];
  for (const layer of [1, 2] as const)
    for (const [weight, meanIou] of PAPER_CONSISTENCY_WEIGHTS[layer]) {
      const model = study.modelWith(layer, WITH_CFR, weight);
      if (!model) absent.push(`${weight} at Layer ${layer}`);
      const cells = study.clips.flatMap((clip) => {
        const score = model && study.score(clip, 'twnet', { model, layer });
        return [percent(score?.meanIou), ratio(study.kept(clip, score, study.base))];
      });
      rows.push([
        `Layer ${layer}`,
        String(weight),
        (meanIou / PAPER_PER_FRAME.cityscapes.meanIou).toFixed(3),
        ...cells,
      ]);
    }
  return {
    id: 'table-2',
    title: 'Table 2: the weight λ1 of the consistency loss, with CFR',
    blocks: [
      {
        kind: 'table',
        columns: [
          { name: 'warped' },
          { name: 'λ1' },
          { name: 'paper: ÷ per frame', paper: true },
          ...study.clips.flatMap(({ name }) => [{ name: `${name}: mIoU` }, { name: '÷ per frame' }]),
        ],
        rows,
      },
    ],
    commands: study.clips.flatMap((clip) => variantCommands(study, clip)),
    missing:
      absent.length === 0
        ? []
        : [
            `λ1 = ${absent.join('; ')}. Train it (\`twnet train nonkey\` with \`"rga": false, "consistencyWeight": …\`) and give the model with \`--variants\``,
          ],
  };
}
