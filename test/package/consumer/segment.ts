// A program of a user of the package, in TypeScript.
import { createHash } from 'node:crypto';
import {
  CAMVID,
  type ClassTable,
  InputError,
  loadNetworks,
  type Networks,
  type NetworksOptions,
  type OpenVideoOptions,
  openVideo,
  type Segmentation,
  type SegmentedFrame,
  type SegmentInputOptions,
  type SegmentOptions,
  segment,
  segmentVideo,
  type Video,
  type VideoInfo,
  writeSegmentation,
} from 'twnet';

const [clip, overlay] = process.argv.slice(2);
const classes: ClassTable = CAMVID;
const options: SegmentOptions = { keyFrames: { mode: 'codec' } };
const opening: OpenVideoOptions = { motionSource: 'auto' };

const hash = createHash('sha256');
const kinds: SegmentedFrame['kind'][] = [];
await using video: Video = await openVideo(clip, opening);
const { width, height }: VideoInfo = video.info;
const sizes: NetworksOptions = { width, height, layer: 1, threads: 1 };
const networks: Networks = await loadNetworks('camvid-mobilenet-v1', sizes);
for await (const { labels, kind } of segmentVideo(video, networks, options)) {
  if (labels.some((id) => id >= classes.classes.length)) throw new Error('a label of no class');
  hash.update(labels);
  kinds.push(kind);
}
await writeSegmentation(await openVideo(clip), networks, { ...options, overlay, palette: classes.palette });
await networks.close();

const atTheDoor: SegmentInputOptions = {
  model: 'camvid-mobilenet-v1',
  keyFrames: { mode: 'codec' },
  motion: 'codec',
  threads: 1,
};
await using drive: Segmentation = await segment(clip, atTheDoor);
if (drive.classes.join() !== classes.classes.join()) throw new Error('other classes');
const again = createHash('sha256');
for await (const { labels } of drive) again.update(labels);

const refused: unknown = await openVideo('missing.mp4').catch((error: unknown) => error);
if (!(refused instanceof InputError) || refused.exitCode !== 2) throw new Error('not an InputError');
const digest = hash.digest('hex');
if (again.digest('hex') !== digest) throw new Error('other labels');
console.log(JSON.stringify({ kinds, digest }));
