/** What each network costs, by module. */

import { tailRankOf } from '@twnet/core/model/model-card';
import { BACKBONE_NAMES } from '@twnet/core/network/backbones';
import { networkCost } from '@twnet/core/network/cost';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { FULL_CORRECTION, nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import type { Cell, Section } from '../../report/document.js';
import type { Study } from '../study.js';

const gigaMacs = (value: number): string => value.toFixed(value < 0.01 ? 5 : 3);

export function cost(study: Study): Section {
  const { width, height } = study.speedSizes.at(-1) ?? study.clips[0];
  const classes = study.main.card.classes.length;
  const rank = tailRankOf(study.main.card, 1);
  const rows = BACKBONE_NAMES.flatMap((backbone) => {
    const key = keyFrameNetwork(backbone, classes);
    const networks = [
      { name: 'per frame', network: { ...key, outputs: { scores: key.outputs.scores } } },
      ...([1, 2, 3] as const).map((layer) => ({
        name: `Layer ${layer}, non-key frame`,
        network: nonKeyFrameNetwork(
          backbone,
          classes,
          layer,
          FULL_CORRECTION,
          tailRankOf(study.main.card, layer),
        ),
      })),
    ];
    const perFrame = networkCost(networks[0].network, height, width).gigaMacs;
    return networks.map(({ name, network }): Cell[] => {
      const whole = networkCost(network, height, width);
      return [
        backbone,
        name,
        gigaMacs(whole.gigaMacs),
        (whole.gigaMacs / perFrame).toFixed(3),
        whole.parameters.toLocaleString('en'),
        (whole.peakActivationBytes / 2 ** 20).toFixed(0),
        whole.modules.map((part) => `${part.module} ${gigaMacs(part.gigaMacs)}`).join(', '),
      ];
    });
  });
  return {
    id: 'cost',
    title: 'Cost of the networks',
    blocks: [
      {
        kind: 'table',
        columns: [
          'backbone',
          'network',
          'GMACs',
          '÷ per frame',
          'parameters',
          'peak activations, MiB',
          'GMACs by module',
        ].map((name) => ({ name })),
        rows,
      },
      {
        kind: 'text',
        text: `Multiply-adds of one frame of ${width}×${height}, ${classes} classes, tails of the same rank as those of ${study.main.name}. Peak activations: the most memory that layers' outputs take at once, float32.`,
      },
    ],
    commands: [
      `twnet benchmark cost --size ${width}x${height} --classes ${classes}${rank === undefined ? '' : ` --tail-rank ${rank}`}`,
    ],
    missing: [],
  };
}
