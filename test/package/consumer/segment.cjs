// A program of a user of the package, as CommonJS.
const { createHash } = require('node:crypto');
const { segment } = require('twnet');

async function main() {
  const hash = createHash('sha256');
  const kinds = [];
  for await (const { labels, kind } of await segment(process.argv[2], {
    model: 'camvid-mobilenet-v1',
    threads: 1,
  })) {
    hash.update(labels);
    kinds.push(kind);
  }
  console.log(JSON.stringify({ kinds, digest: hash.digest('hex') }));
}

main();
