/** The page's worker: decoding, motion and all that is not drawing; networks have a worker of their own. */
import { messageOf } from '@twnet/core/errors';
import type { StudioReply, StudioRequest } from '../messages.js';
import { exportVideo } from './export-video.js';
import { prime, Session } from './session.js';
import { shownFrame, transferOf } from './shown-frame.js';

interface Scope {
  onmessage: ((event: MessageEvent<StudioRequest>) => void) | null;
  postMessage(reply: StudioReply, transfer?: Transferable[]): void;
}
const scope = globalThis as unknown as Scope;
const TYPES = ['I', 'P', 'B'] as const;

let session: Promise<Session> | undefined;
interface Running {
  readonly run: number;
  until: number;
  readonly stop: AbortController;
  wake: () => void;
}
let running: Running | undefined;
let exporting: AbortController | undefined;

/** Frames of a run, no more than the page has room for. */
async function run(request: Extract<StudioRequest, { kind: 'run' }>): Promise<void> {
  running?.stop.abort();
  running?.wake();
  const mine: Running = {
    ...{ run: request.run, until: request.until, stop: new AbortController() },
    wake: () => undefined,
  };
  running = mine;
  const { compares, confidence, from } = request;
  try {
    const opened = await session;
    if (!opened || running !== mine) return;
    const { classes, grid } = gridOf(opened);
    for await (const { index, segmented, alone } of opened.run(from, {
      ...{ compares, confidence, signal: mine.stop.signal },
    })) {
      if (running !== mine) return;
      const type = opened.index ? TYPES[opened.index.types[index] ?? 1] : segmented.frame.pictureType;
      const frame = shownFrame(segmented, { index, type, alone, classes, grid });
      scope.postMessage({ kind: 'frame', run: mine.run, frame }, transferOf(frame));
      while (index >= mine.until && running === mine)
        await new Promise<void>((resolve) => {
          mine.wake = resolve;
        });
      if (running !== mine) return;
    }
    scope.postMessage({ kind: 'ended', run: mine.run });
  } catch (error) {
    if (running === mine) scope.postMessage({ kind: 'failed', run: mine.run, message: messageOf(error) });
  }
}

/** Of the class scores. */
function gridOf({ networks }: Session): {
  classes: number;
  grid: { rows: number; columns: number };
} {
  const { keySize, card, classes } = networks;
  const stride = card.architecture === 'segmenter' ? 8 : 4;
  return {
    classes,
    grid: { rows: Math.ceil(keySize.height / stride), columns: Math.ceil(keySize.width / stride) },
  };
}

async function close(): Promise<void> {
  running?.stop.abort();
  running?.wake();
  running = undefined;
  exporting?.abort();
  const open = session;
  session = undefined;
  await (await open?.catch(() => undefined))?.close();
}

async function answer(request: StudioRequest): Promise<void> {
  switch (request.kind) {
    case 'prime':
      // What cannot be loaded is told to whoever opens a video.
      await prime(request.choice).catch(() => undefined);
      return;
    case 'open': {
      await close();
      const mine = Session.open(request.source, request.choice);
      session = mine;
      try {
        const { opened } = await mine;
        if (session === mine) scope.postMessage({ kind: 'opened', opened });
      } catch (error) {
        if (session === mine) scope.postMessage({ kind: 'failed', message: messageOf(error) });
      }
      return;
    }
    case 'run':
      return run(request);
    case 'until':
      if (running?.run !== request.run) return;
      running.until = request.until;
      running.wake();
      return;
    case 'export': {
      exporting?.abort();
      const mine = new AbortController();
      exporting = mine;
      try {
        const opened = await session;
        if (!opened) return;
        const done = (share: number): void => scope.postMessage({ kind: 'exporting', done: share });
        const file = await exportVideo(opened, request, mine.signal, done);
        scope.postMessage({ kind: 'exported', file });
      } catch (error) {
        scope.postMessage({
          kind: 'exported',
          ...(mine.signal.aborted ? {} : { message: messageOf(error) }),
        });
      }
      return;
    }
    case 'cancelExport':
      exporting?.abort();
      return;
    case 'close':
      return close();
  }
}

scope.onmessage = ({ data }) => void answer(data);
