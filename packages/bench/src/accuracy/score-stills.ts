import { InputError } from '@twnet/core/errors';
import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import type { Networks } from '@twnet/core/runtime/networks';
import { loadStill, type StillFile } from '@twnet/train/data/camvid';

/**
 * The per-frame figure: labelled stills, each through the key-frame network, in one confusion matrix.
 *
 * @param onPicture called after each still with how many are done
 * @throws InputError for a still that is unreadable or of another size than the networks
 */
export async function scoreStills(
  networks: Networks,
  files: readonly StillFile[],
  onPicture?: (done: number) => void,
): Promise<ConfusionMatrix> {
  const { classes, width, height } = networks;
  const matrix = new ConfusionMatrix(classes);
  for (const [index, file] of files.entries()) {
    const still = await loadStill(file);
    if (still.width !== width || still.height !== height) {
      throw new InputError(
        `${file.imagePath} is ${still.width}×${still.height}, stills before it ${width}×${height}; give stills of one size`,
      );
    }
    const { labels } = await networks.keyFrame(still.pixels);
    matrix.add(labels, still.labels);
    onPicture?.(index + 1);
  }
  return matrix;
}
