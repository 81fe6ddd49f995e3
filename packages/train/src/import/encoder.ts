/** The convolutions of an encoder and the shapes of their weights. */
import type { BackboneName } from '@twnet/core/network/backbones';
import type { ConvolutionLayer } from '@twnet/core/network/description';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { networkParameters } from '@twnet/core/network/shapes';

export interface EncoderConvolution {
  readonly layer: ConvolutionLayer;
  /** Outputs, inputs a group, rows, columns. */
  readonly shape: readonly number[];
}

/** In order of execution. */
export function encoderConvolutions(backbone: BackboneName): EncoderConvolution[] {
  const description = keyFrameNetwork(backbone, 2);
  const shapes = new Map(networkParameters(description).map(({ name, shape }) => [name, shape]));
  return description.layers.flatMap((layer) =>
    layer.kind === 'convolution' && layer.module === 'encoder'
      ? [{ layer, shape: shapes.get(`${layer.name}.weight`)! }]
      : [],
  );
}
