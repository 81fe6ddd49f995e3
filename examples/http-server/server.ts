/** Segments uploads: `PORT=8080 server.ts`, then `curl --data-binary @drive.mp4 http://127.0.0.1:8080/segment`. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, type Segmentation, segment } from 'twnet';
import { labelAreas } from 'twnet/segment';

const LARGEST_UPLOAD = Number(process.env.LARGEST_UPLOAD ?? 200 * 2 ** 20);
const LONGEST_SECONDS = 60;
const MAX_SIDE = 640;
/** Uploads that are received or segmented at a time; each holds networks of its own. */
const MOST_AT_A_TIME = 2;

/** What the client is told, as JSON. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

let running = 0;

const server = createServer(async (request, response) => {
  try {
    if (request.url !== '/segment') throw new Refusal(404, 'there is only POST /segment');
    if (request.method !== 'POST') throw new Refusal(405, 'send the video with POST', { allow: 'POST' });
    if (running >= MOST_AT_A_TIME) throw new Refusal(503, 'busy; try again', { 'retry-after': '5' });
    running++;
    try {
      await segmentUpload(request, response);
    } finally {
      running--;
    }
  } catch (error) {
    answerError(request, response, error);
  }
});

/** Answers with a line of JSON on the video, then one for each frame. */
async function segmentUpload(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const folder = await mkdtemp(join(tmpdir(), 'upload-'));
  try {
    const upload = join(folder, 'video');
    await receive(request, upload);
    await using drive = await openUpload(upload, gone.signal);
    const { classes, labelSize, losses } = drive;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const answer = (line: object): boolean => response.write(`${JSON.stringify(line)}\n`);
    answer({ ...labelSize, classes });
    for await (const { frame, labels, kind } of drive) {
      const areas = labelAreas(labels);
      const pixels = Object.fromEntries(classes.map((name, id) => [name, areas[id]]));
      answer({ seconds: frame.timestamp, kind, pixels });
    }
    answer({ losses });
    response.end();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the body to a file, and no more of it than is taken, whatever its headers say. */
async function receive(request: IncomingMessage, path: string): Promise<void> {
  await using file = await open(path, 'wx');
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // The rest is thrown away: a client that cannot send it does not read the answer.
    if (bytes <= LARGEST_UPLOAD) await file.writeFile(chunk);
  }
  if (bytes > LARGEST_UPLOAD) throw new Refusal(413, `more than ${LARGEST_UPLOAD} bytes`);
  if (bytes === 0) throw new Refusal(400, 'the body is empty: send the bytes of a video');
}

async function openUpload(upload: string, signal: AbortSignal): Promise<Segmentation> {
  try {
    return await segment(upload, { maxSide: MAX_SIDE, duration: LONGEST_SECONDS, signal });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // Where it lies on this machine is nobody's concern.
    throw new Refusal(422, error.message.replaceAll(upload, 'the upload'));
  }
}

function answerError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // A client that is gone needs no answer.
  if (response.destroyed || (request.destroyed && !request.complete)) return;
  if (!(error instanceof Refusal)) console.error(error);
  const known = error instanceof Refusal ? error : new Refusal(500, 'the video could not be segmented');
  if (!response.headersSent)
    response.writeHead(known.status, { 'content-type': 'application/json', ...known.headers });
  response.end(`${JSON.stringify({ error: known.message })}\n`);
}

// Whoever sends slower than this is cut off.
server.requestTimeout = 120_000;
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`http://127.0.0.1:${port}/segment`);
});
