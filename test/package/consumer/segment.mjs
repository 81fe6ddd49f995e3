// A program of a user of the package, as an ES module.
import { createHash } from 'node:crypto';
import { segment } from 'twnet';

const hash = createHash('sha256');
const kinds = [];
for await (const { labels, kind } of segment(process.argv[2], { model: 'camvid-mobilenet-v1', threads: 1 })) {
  hash.update(labels);
  kinds.push(kind);
}
console.log(JSON.stringify({ kinds, digest: hash.digest('hex') }));
