/** Prints a line of JSON a frame: the codec's motion vectors and what they leave unexplained. `motion.ts drive.mp4`. */
import { openVideo } from 'twnet';
import { denseMotion, meanResidual, Residuals } from 'twnet/motion';

const [input] = process.argv.slice(2);
if (!input) {
  console.error('usage: motion.ts VIDEO');
  process.exit(2);
}
/** Pixels a cell of the dense field and of the residual map. */
const STRIDE = 8;

await using video = await openVideo(input);
const { width, height, motionSource, motionNote } = video.info;
console.error(`vectors: ${motionSource}${motionNote ? ` (${motionNote})` : ''}`);
const residuals = new Residuals(width, height, STRIDE);
let hasReference = false;
for await (const { index, timestamp, pictureType, motion, pixels, discontinuity } of video) {
  // Of blocks: motion.x, y, width, height (pixels), dx, dy (Mv) and direction, `motion.count` of each.
  const field = denseMotion(motion, width, height, STRIDE);
  const residual = hasReference && !discontinuity ? residuals.map(pixels, motion) : undefined;
  console.log(
    JSON.stringify({
      ...{ frame: index, seconds: timestamp, type: pictureType, blocks: motion.count },
      covered: mean(field.coverage),
      vector: [mean(field.dx), mean(field.dy)],
      residual: residual ? meanResidual(residual, width, height) : null,
    }),
  );
  // B-frames are not referred to.
  if (pictureType === 'B') continue;
  residuals.refer(pixels);
  hasReference = true;
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
