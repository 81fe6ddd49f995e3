/** `twnet live`, from its options to its last line. */
import { InputError } from '@twnet/core/errors';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import type { CameraEvents } from '@twnet/node/live/camera';
import type { FrameSink } from '@twnet/node/live/frame-queue';
import type { LiveSession } from '@twnet/node/live/session';
import { failAll } from '../report-error.js';
import { stopOnSignal } from '../stop-on-signal.js';
import type { LiveFlags } from './flags.js';
import { claimsOf, type PlannedCamera, planCameras } from './plan.js';
import { LiveReport } from './report.js';
import { RuleWatcher } from './watch-rules.js';

export async function runLive(sources: readonly string[], flags: LiveFlags): Promise<void> {
  const cameras = planCameras(sources, flags);
  if (sources.includes('-') && process.stdin.isTTY)
    throw new InputError('-: standard input is the terminal; pipe a video into it');
  claimOutputs(claimsOf(cameras), { inputs: sources, force: flags.force });
  const { checkRecordingName } = await import('@twnet/node/live/recording-file');
  for (const { recording } of cameras) if (recording !== undefined) checkRecordingName(recording);
  using stop = stopOnSignal();
  const { Model } = await import('@twnet/node/model/model');
  const model = await Model.open(flags.model);
  const { LiveSession } = await import('@twnet/node/live/session');
  const ended = new AbortController();
  const end = () => ended.abort();
  stop.signal.addEventListener('abort', end, { once: true });
  if (stop.signal.aborted) end();
  const report = new LiveReport(flags);
  const failures: unknown[] = [];
  const sinks = await sinksOf(cameras, flags, model.card, {
    onFile: (camera, path) => report.file(camera, path),
    onError: (error) => {
      failures.push(error);
      report.failed(error);
      // What was asked for cannot be done any more; other cameras' recordings can.
      if (cameras.length === 1) end();
    },
  });
  const rules = await RuleWatcher.open(
    cameras.map(({ name }) => name),
    model.card.classes,
    flags,
    { onEvent: (event) => report.event(event), onProblem: (problem) => report.problem(problem) },
  );
  const events: CameraEvents = {
    onFrame: (frame) => {
      report.frame(frame);
      rules.look(frame);
      serving?.broadcasts.get(frame.camera)?.take(frame);
      const own = sinks.get(frame.camera) ?? [];
      return Promise.all(own.map((sink) => sink.take(frame, flags.late === 'wait')));
    },
    onState: (camera, why, wait) => report.state(camera, why, wait),
    onNote: (camera, note) => report.note(camera, note),
  };
  const session = new LiveSession(optionsOf(cameras, flags, model), events);
  const serving = flags.serve === undefined ? undefined : await serve(session, model.card, flags);
  if (serving) report.serves(serving.server.address);
  const timer = flags.for === undefined ? undefined : setTimeout(end, 1000 * flags.for);
  report.begin(session);
  const failed = await session.run(ended.signal);
  clearTimeout(timer);
  for (const { error } of failed) failures.push(error);
  await finish(sinks, failures);
  await rules.finish();
  await serving?.close();
  report.end(session, sinks);
  if (stop.signal.aborted) failures.push(stop.interrupted(report.done(session)));
  failAll([...new Set(failures)]);
}

const DEFAULT_ADDRESS = ':8080';

async function serve(
  { cameras }: LiveSession,
  { classes, palette }: { readonly classes: readonly string[]; readonly palette: CameraPalette },
  { serve: address, token }: LiveFlags,
) {
  const { Broadcast } = await import('@twnet/node/live/broadcast');
  const { LiveServer, servedAddress } = await import('@twnet/node/live/live-server');
  const broadcasts = new Map(cameras.map(({ name }) => [name, new Broadcast(palette)]));
  const at = servedAddress(typeof address === 'string' ? address : DEFAULT_ADDRESS);
  const server = await LiveServer.open({ cameras, broadcasts, classes, palette }, at, token);
  const close = async () => {
    await server.close();
    await Promise.all([...broadcasts.values()].map((broadcast) => broadcast.finish()));
  };
  return { broadcasts, server, close };
}

type Sinks = ReadonlyMap<string, readonly FrameSink[]>;

async function finish(sinks: Sinks, failures: unknown[]): Promise<void> {
  const all = [...sinks.values()].flat();
  const results = await Promise.allSettled(all.map((sink) => sink.finish()));
  for (const result of results) if (result.status === 'rejected') failures.push(result.reason);
}

function optionsOf(
  cameras: readonly PlannedCamera[],
  flags: LiveFlags,
  model: ConstructorParameters<typeof LiveSession>[0]['model'],
): ConstructorParameters<typeof LiveSession>[0] {
  const { transport, format, timeout, maxWait, interval, stream, allowPlaylists, scale, maxSide } = flags;
  return {
    model,
    threads: flags.threads,
    cameras: cameras.map(({ name, source, reconnect, isFile }) => {
      const { late = 'warp' } = flags;
      return {
        ...{ name, source, reconnect, late, maxWait, interval, timeout },
        opening: { stream, allowPlaylists, scale, maxSide },
        live: { transport, format },
        paced: isFile && late !== 'wait',
      };
    }),
  };
}

interface SinkEvents {
  readonly onFile: (camera: string, path: string) => void;
  readonly onError: (error: unknown) => void;
}

async function sinksOf(
  cameras: readonly PlannedCamera[],
  { segment, opacity, legend }: LiveFlags,
  { classes: names, palette }: { readonly classes: readonly string[]; readonly palette: CameraPalette },
  { onFile, onError }: SinkEvents,
): Promise<Sinks> {
  const classes = names.map((name, id) => ({ id, name }));
  const { Recorder } = await import('@twnet/node/live/recorder');
  const { LabelFolder } = await import('@twnet/node/live/label-folder');
  return new Map(
    cameras.map(({ name, recording, labels }) => {
      const common = { classes, palette, onError };
      const own: FrameSink[] = [];
      if (recording !== undefined)
        own.push(
          new Recorder({
            ...{ ...common, path: recording, segment, opacity, legend },
            onFile: (path) => onFile(name, path),
          }),
        );
      if (labels !== undefined) own.push(new LabelFolder({ ...common, path: labels }));
      return [name, own] as const;
    }),
  );
}

type CameraPalette = ConstructorParameters<typeof import('@twnet/node/live/recorder').Recorder>[0]['palette'];
