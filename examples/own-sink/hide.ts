/** Writes a video with its people and cars blacked out: `hide.ts drive.mp4 hidden.mp4`. */
import { encodeVideo, Overlay, segment } from 'twnet';
import { ClassChoice } from 'twnet/segment';

const [input, output] = process.argv.slice(2);
if (!input || !output) {
  console.error('usage: hide.ts VIDEO OUTPUT.mp4');
  process.exit(2);
}

await using drive = await segment(input, { model: 'camvid-mobilenet-v1' });
const { width, height, frameRate, pixelAspect } = drive.info;
const hidden = new ClassChoice(drive.classes, ['pedestrian', 'bicyclist', 'car']);
const black = drive.classes.map(() => [0, 0, 0] as const);
const overlay = new Overlay(black, 1);
await using writer = await encodeVideo({ output, width, height, frameRate, pixelAspect });
for await (const { frame, labels } of drive) {
  // Labels of the other classes become 255, which has no colour: there the picture stays.
  overlay.draw(frame.pixels, hidden.keep(labels), frame.pixels, { size: { width, height } });
  await writer.write(frame.pixels, frame.timestamp, frame.duration);
}
await writer.finish();
console.log(`${output}: without ${hidden.classes.map(({ name }) => name).join(', ')}`);
