/**
 * What the packed package takes once README's line has installed it in an empty folder, and what the largest of what it
 * depends on does: `tsx tools/measure/package-size.ts -o FILE.json`, after `npm run build`. Asks the package registry.
 */
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { InstalledPackage, installLine } from '../../test/package/installed-package.js';

const PARTS = {
  onnxruntime: ['node_modules/onnxruntime-node'],
  ffmpeg: ['node_modules/@seydx'],
  charts: ['node_modules/echarts', 'node_modules/zrender'],
};

const [, , , output] = process.argv;
const installed = new InstalledPackage();
try {
  const [npm, ...args] = installLine().split(' ');
  const { exitCode, stderr } = installed.run(npm, args);
  if (exitCode !== 0) throw new Error(stderr);
  const megabytes = (...paths: readonly string[]): number =>
    paths.reduce((sum, path) => sum + installed.bytesOf(path), 0) / 1e6;
  const figures = {
    packed: installed.packed.size / 1e6,
    installed: megabytes('node_modules'),
    onnxruntime: megabytes(...PARTS.onnxruntime),
    ffmpeg: megabytes(...PARTS.ffmpeg),
    charts: megabytes(...PARTS.charts),
  };
  const stamp = { ...(await measurementStamp([], [])), command: 'npm run measure -- --only package' };
  await writeFileAtomic(output, `${JSON.stringify({ stamp, megabytes: figures }, null, 2)}\n`);
} finally {
  installed.remove();
}
