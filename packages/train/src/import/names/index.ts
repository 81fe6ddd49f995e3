/** Every naming scheme that weights are recognised by. */
import { BACKBONE_NAMES, type BackboneName } from '@twnet/core/network/backbones';
import { encoderConvolutions } from '../encoder.js';
import { type Naming, OWN_PROGRAM } from './naming.js';
import { TENSORFLOW_NAMINGS } from './tensorflow.js';
import { TORCH_NAMINGS } from './torch.js';

/** The names that `twnet train key --encoder` takes, which may be imported as well as anything else. */
function ownNaming(backbone: BackboneName): Naming {
  const layers = encoderConvolutions(backbone).map(({ layer }) => {
    const name = layer.name.slice('encoder.'.length);
    return { weight: `${name}.weight`, bias: `${name}.bias` };
  });
  return {
    program: OWN_PROGRAM,
    backbone,
    layers,
    encoder: /^conv\d\d\./,
    // Encoders made elsewhere may go on with their classifier's convolutions.
    head: /^conv\d\d\./,
    order: 'OIHW',
    epsilon: 0,
    pixels: 'twnet',
    padding: backbone === 'resnet-18' ? 'both' : 'end',
  };
}

let all: readonly Naming[] | undefined;

/** Made at the first call: most runs of the program import nothing. */
export function namings(): readonly Naming[] {
  all ??= [...TORCH_NAMINGS, ...TENSORFLOW_NAMINGS, ...BACKBONE_NAMES.map(ownNaming)];
  return all;
}
