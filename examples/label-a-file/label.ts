/** Writes a PNG of class ids for every frame of a video: `label.ts drive.mp4 labels/`. */
import { InputError, LabelWriter, OutputError, segment } from 'twnet';

const [input, folder] = process.argv.slice(2);
if (!input || !folder) {
  console.error('usage: label.ts VIDEO FOLDER');
  process.exit(2);
}

try {
  await using drive = await segment(input);
  await using writer = new LabelWriter(folder, { palette: drive.palette });
  const { width, height } = drive.labelSize;
  const pixels = drive.classes.map(() => 0);
  let frames = 0;
  for await (const { frame, labels } of drive) {
    await writer.write(frame.index, labels, width, height);
    for (const id of labels) pixels[id]++;
    frames++;
  }
  // The folder appears now, whole.
  await writer.commit();
  for (const note of drive.notes) console.error(note);
  for (const { what, afterFrame } of drive.losses) console.error(`after frame ${afterFrame}: ${what}`);
  const total = frames * width * height;
  for (const [id, name] of drive.classes.entries())
    console.log(`${name}: ${((100 * pixels[id]) / total).toFixed(1)} %`);
} catch (error) {
  if (!(error instanceof InputError || error instanceof OutputError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
