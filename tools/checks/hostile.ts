/**
 * Hostile uploads: lists and scripts in disguise, sizes that are claimed, endless streams, archives, links. Each is
 * read in a process of its own with a limit of time and memory; a canary file, which is a FIFO, and a server on the
 * loopback notice who opens what was not named. Run by hand: npx tsx tools/checks/hostile.ts; prints JSON.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Longest time for one upload, milliseconds, and most resident memory, MiB. */
const LIMIT = { time: 60_000, memory: 1500 };
const MAIN = fileURLToPath(new URL('../../packages/twnet/src/cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'twnet-hostile-'));
const at = (name: string) => join(folder, name);
const canary = at('canary.ts');
execFileSync('mkfifo', [canary]);
let touched = 0;
const server = createServer((_, response) => {
  touched += 1;
  response.writeHead(404).end();
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/canary.ts`;

const box = (type: string, ...content: (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(
    content.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
};
const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * i);
  return bytes;
};

/** An MP4 whose tables claim `samples` frames of a size, and whose data may lie in another file (dref). */
function mp4(samples: number, width: number, dref = box('dref', u32(0, 1), box('url ', u32(1)))): Buffer {
  const entry = Buffer.alloc(78);
  entry.writeUInt16BE(1, 6);
  entry.writeUInt16BE(width, 24);
  entry.writeUInt16BE(width, 26);
  entry.writeUInt16BE(1, 40);
  const table = box(
    'stbl',
    box('stsd', u32(0, 1), box('mp4v', entry)),
    box('stts', u32(0, 1, samples, 1)),
    box('stsc', u32(0, 1, 1, samples, 1)),
    box('stsz', u32(0, 4, samples)),
    box('stco', u32(0, 1, 40)),
  );
  const minf = box('minf', box('vmhd', u32(1, 0, 0)), box('dinf', dref), table);
  const mdia = box(
    'mdia',
    box('mdhd', u32(0, 0, 0, 25, samples, 0)),
    box('hdlr', u32(0, 0), 'vide', Buffer.alloc(13)),
    minf,
  );
  const tkhd = box('tkhd', u32(7, 0, 0, 1), Buffer.alloc(64));
  return Buffer.concat([
    box('ftyp', 'isom', u32(0)),
    box('moov', box('mvhd', u32(0, 0, 0, 25, 1), Buffer.alloc(80)), box('trak', tkhd, mdia)),
    box('mdat', Buffer.alloc(64)),
  ]);
}

const nested = (depth: number): Buffer => (depth === 0 ? Buffer.alloc(8) : box('moov', nested(depth - 1)));
const alias = box('dref', u32(0, 1), box('url ', u32(0), `file://${canary}\0`));
const lists: Record<string, string> = {
  ffconcat: `ffconcat version 1.0\nfile '${canary}'\n`,
  'ffconcat, address': `ffconcat version 1.0\nfile '${url}'\n`,
  'ffconcat, options': `ffconcat version 1.0\nfile '${canary}'\noption protocol_whitelist file,http,tcp\n`,
  'file lines': `file '${canary}'\n`,
  hls: `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${url}\n#EXT-X-ENDLIST\n`,
  'hls, file': `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://${canary}\n#EXT-X-ENDLIST\n`,
  'hls, concat': `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nconcat:${url}|${canary}\n#EXT-X-ENDLIST\n`,
  'hls, key': `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${url}"\n#EXTINF:9,\n${canary}\n#EXT-X-ENDLIST\n`,
  'hls, master': `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${url}\n`,
  dash: `<?xml version="1.0"?><MPD type="static"><Period><AdaptationSet><Representation><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
  imf: `<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"></CompositionPlaylist>`,
  sdp: 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n',
  pls: `[playlist]\nFile1=${url}\n`,
  asx: `<asx version="3"><entry><ref href="${url}"/></entry></asx>`,
  smil: `<smil><body><video src="${url}"/></body></smil>`,
  vobsub: `# VobSub index file, v7\nid: en, index: 0\n`,
  avisynth: `AviSource("${canary}")\n`,
  vapoursynth: `import vapoursynth as vs\n`,
  xxe: `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://${canary}">]><MPD>&e;</MPD>`,
  svg: `<svg xmlns="http://www.w3.org/2000/svg"><image href="${url}"/></svg>`,
  ffmeta: ';FFMETADATA1\ntitle=x\n',
};
const uploads: [string, Buffer | string][] = [];
for (const [name, text] of Object.entries(lists)) {
  for (const ending of ['mp4', 'mkv', 'm3u8', 'avi']) uploads.push([`${name}.${ending}`, text]);
}
uploads.push(
  ['many samples.mp4', mp4(0x0fffffff, 64)],
  ['most samples.mp4', mp4(0x7fffffff, 64)],
  ['large.mp4', mp4(2, 65_535)],
  ['dref.mov', mp4(10, 64, alias)],
  ['deep.mp4', Buffer.concat([box('ftyp', 'isom', u32(0)), nested(5000)])],
  ['zip.mp4', 'PK\x03\x04'.padEnd(9000, 'z')],
  ['gzip bomb.mp4', gzipSync(Buffer.alloc(1 << 26))],
  ['svgz.mkv', gzipSync(lists.svg)],
  [
    'riff.avi',
    Buffer.concat([
      Buffer.from('RIFF'),
      Buffer.from([255, 255, 255, 255]),
      Buffer.from('AVI LIST'),
      Buffer.alloc(4096, 255),
    ]),
  ],
  ['ebml.mkv', Buffer.concat([Buffer.from('1a45dfa3ff', 'hex'), Buffer.alloc(1 << 16, 0x1f)])],
  ['large.y4m', `YUV4MPEG2 W60000 H60000 F25:1 Ip A1:1 C420\nFRAME\n${'x'.repeat(5000)}`],
  ['large.gif', Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(3000, 255)])],
  [
    'large.bmp',
    Buffer.concat([
      Buffer.from('BM'),
      Buffer.alloc(12),
      Buffer.from([40, 0, 0, 0, 255, 255, 255, 127, 255, 255, 255, 127]),
      Buffer.alloc(500, 1),
    ]),
  ],
  ['zeros.mp4', Buffer.alloc(1 << 24)],
  ['sync.ts', Buffer.alloc(188 * 20_000, 0x47)],
);
for (const [name, content] of uploads) writeFileSync(at(name), content, 'latin1');
symlinkSync(at('loop.mp4'), at('loop.mp4'));
symlinkSync('/dev/zero', at('zero.mp4'));
symlinkSync(at('ffconcat.mp4'), at('link.mp4'));
const names = ['loop.mp4', 'zero.mp4', 'link.mp4', '/dev/zero', '/dev/urandom', '/dev/null', folder];
const inputs = [
  ...uploads.map(([name]) => at(name)),
  ...names.map((name) => (name.startsWith('/') ? name : at(name))),
];

interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly line: string;
  readonly seconds: number;
  readonly memory: number;
}

function inspect(input: string): Promise<Outcome> {
  const begun = performance.now();
  // The report of the system's own time(1) would need it installed; node tells its peak itself.
  const peak = `process.on('exit',()=>{process.stderr.write('\\npeak '+process.resourceUsage().maxRSS)})`;
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(peak)}`,
    '--import',
    'tsx',
    MAIN,
    'inspect',
    input,
    '--json',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT.time);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) =>
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const memory = Number(/peak (\d+)$/.exec(stderr)?.[1] ?? 0) / 1024;
      resolve({
        code,
        signal,
        line: stderr.trim().split('\n')[0],
        seconds: (performance.now() - begun) / 1000,
        memory,
      });
    }),
  );
}

/** Whether somebody has the FIFO open for reading: then, and only then, it can be opened for writing at once. */
function canaryIsRead(): boolean {
  try {
    openSync(canary, 1 | 0o4000);
    return true;
  } catch {
    return false;
  }
}

const failures: string[] = [];
const slowest = { input: '', seconds: 0 };
let memory = 0;
for (const input of inputs) {
  const watch = setInterval(() => {
    if (canaryIsRead()) failures.push(`${input}: opened the canary`);
  }, 50);
  const before = touched;
  const outcome = await inspect(input);
  clearInterval(watch);
  if (touched > before) failures.push(`${input}: asked the server`);
  if (outcome.signal !== null || ![0, 2, 3].includes(outcome.code ?? -1))
    failures.push(`${input}: ended with ${outcome.signal ?? outcome.code}: ${outcome.line}`);
  if (outcome.memory > LIMIT.memory) failures.push(`${input}: took ${Math.round(outcome.memory)} MiB`);
  if (outcome.seconds > slowest.seconds) Object.assign(slowest, { input, seconds: outcome.seconds });
  memory = Math.max(memory, outcome.memory);
}
server.close();
rmSync(folder, { recursive: true, force: true });
const summary = { uploads: inputs.length, failures, slowest, mostMemoryMiB: Math.round(memory) };
process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
