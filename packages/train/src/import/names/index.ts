/** Every naming scheme that weights are recognised by. */
import { BACKBONE_NAMES, type BackboneName } from '@twnet/core/network/backbones';
import { NORM_EPSILON } from '@twnet/core/network/normalisation';
import { encoderConvolutions } from '../encoder.js';
import { efficientVitNaming } from './efficientvit.js';
import { type LayerNames, type Naming, OWN_PROGRAM, ownPixels } from './naming.js';
import { TENSORFLOW_NAMINGS } from './tensorflow.js';
import { TORCH_NAMINGS } from './torch.js';

/** The names that `twnet train key --encoder` takes, which may be imported as well as anything else. */
function ownNaming(backbone: BackboneName): Naming {
  const convolutions = encoderConvolutions(backbone);
  const layers = convolutions.map(({ layer }): LayerNames => {
    const name = layer.name.slice('encoder.'.length);
    const weight = `${name}.weight`;
    if (!layer.norm) return layer.bias ? { weight, bias: `${name}.bias` } : { weight };
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map(
      (role) => `${name}.norm.${role}`,
    );
    return { weight, norm: { gamma, beta, mean, variance } };
  });
  return {
    program: OWN_PROGRAM,
    backbone,
    layers,
    encoder: /^(conv\d\d|stem|stage\d)\./,
    // Encoders made elsewhere may go on with their classifier's convolutions.
    head: /^conv\d\d\./,
    order: 'OIHW',
    epsilon: NORM_EPSILON,
    pixels: ownPixels(backbone),
    padding: convolutions[0].layer.padding,
  };
}

let all: readonly Naming[] | undefined;

/** Made at the first call: most runs of the program import nothing. */
export function namings(): readonly Naming[] {
  all ??= [...TORCH_NAMINGS, ...TENSORFLOW_NAMINGS, efficientVitNaming(), ...BACKBONE_NAMES.map(ownNaming)];
  return all;
}
