import { IGNORE_LABEL } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import type { Networks } from '@twnet/core/runtime/networks';
import { loadStill, type StillFile } from '@twnet/train/data/camvid';

/**
 * The per-frame figure: labelled stills, each through the key-frame network, in one confusion matrix.
 *
 * @param onPicture called after each still with how many are done
 * @param classOf for each class of the networks that of the labels, −1: none; default: itself
 * @throws InputError for a still that is unreadable or of another size than the networks
 */
export async function scoreStills(
  networks: Networks,
  files: readonly StillFile[],
  onPicture?: (done: number) => void,
  classOf: readonly number[] = Array.from({ length: networks.classes }, (_, id) => id),
): Promise<ConfusionMatrix> {
  const { width, height } = networks;
  const matrix = new ConfusionMatrix(Math.max(...classOf) + 1);
  const table = Uint8Array.from(classOf, (id) => (id < 0 ? IGNORE_LABEL : id));
  for (const [index, file] of files.entries()) {
    const still = await loadStill(file);
    if (still.width !== width || still.height !== height) {
      throw new InputError(
        `${file.imagePath} is ${still.width}×${still.height}, stills before it ${width}×${height}; give stills of one size`,
      );
    }
    const { labels } = await networks.keyFrame(still.pixels);
    matrix.add(
      labels.map((label) => table[label]),
      still.labels,
    );
    onPicture?.(index + 1);
  }
  return matrix;
}
