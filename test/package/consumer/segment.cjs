// A program of a user of the package, as CommonJS.
const { createHash } = require('node:crypto');
const { loadNetworks, openVideo, segmentVideo } = require('twnet');

async function main() {
  const hash = createHash('sha256');
  const kinds = [];
  const video = await openVideo(process.argv[2]);
  const { width, height } = video.info;
  const networks = await loadNetworks(undefined, { width, height, layer: 1, threads: 1 });
  for await (const { labels, kind } of segmentVideo(video, networks, { keyFrames: { mode: 'codec' } })) {
    hash.update(labels);
    kinds.push(kind);
  }
  await networks.close();
  console.log(JSON.stringify({ kinds, digest: hash.digest('hex') }));
}

main();
