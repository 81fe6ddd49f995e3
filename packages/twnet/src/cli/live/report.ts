/** What `twnet live` says while it runs: lines and a line of progress for a person, or lines of JSON. */
import { messageOf } from '@twnet/core/errors';
import type { Camera, CameraFrame } from '@twnet/node/live/camera';
import type { LiveEvent } from '@twnet/node/live/event-sinks';
import type { FrameSink } from '@twnet/node/live/frame-queue';
import type { CameraStats } from '@twnet/node/live/live-stats';
import type { LiveSession } from '@twnet/node/live/session';
import { type Progress, showProgress } from '../progress.js';
import type { LiveFlags } from './flags.js';

/** Between two lines of statistics, milliseconds. */
const STATS_EVERY = 5000;
const PROGRESS_EVERY = 500;

export class LiveReport {
  private readonly progress: Progress;
  private session: LiveSession | undefined;
  private timer: NodeJS.Timeout | undefined;
  private shown = 0;

  constructor(private readonly flags: Pick<LiveFlags, 'json' | 'output' | 'labels'>) {
    this.progress = showProgress('live', { unit: 'frames', silent: flags.json });
  }

  begin(session: LiveSession): void {
    this.session = session;
    if (!this.flags.json) return;
    this.timer = setInterval(() => {
      for (const camera of session.cameras)
        if (camera.state === 'live')
          this.line({ event: 'stats', camera: camera.name, ...figures(camera.stats) });
    }, STATS_EVERY);
    this.timer.unref();
  }

  frame(_frame: CameraFrame): void {
    const now = performance.now();
    if (this.flags.json || now - this.shown < PROGRESS_EVERY) return;
    this.shown = now;
    const all = this.session?.cameras.map(({ stats }) => stats) ?? [];
    this.progress.update(
      all.reduce((sum, stats) => sum + labelled(stats), 0),
      detail(all),
    );
  }

  state(camera: Camera, why?: string, wait?: number): void {
    const { name, state, info, address } = camera;
    if (this.flags.json) {
      const size = state === 'live' && info ? { width: info.fullWidth, height: info.fullHeight } : {};
      const more = { ...(why === undefined ? {} : { why }), ...(wait === undefined ? {} : { wait }) };
      this.line({ event: 'state', camera: name, state, address, ...size, ...more });
      return;
    }
    // What fails is told at the end, once.
    if (state === 'failed') return;
    if (state === 'live')
      this.progress.note(`${name}: ${address}, ${info!.codec}, ${info!.fullWidth}×${info!.fullHeight}`);
    else if (state === 'waiting') this.progress.note(`${name}: ${why}; trying again in ${wait} s`);
    else if (state === 'ended' && why !== undefined) this.progress.note(`${name}: ${why}`);
  }

  note({ name }: Camera, note: string): void {
    if (this.flags.json) this.line({ event: 'note', camera: name, note });
    else this.progress.note(`${name}: ${note}`);
  }

  file(camera: string, path: string): void {
    if (this.flags.json) this.line({ event: 'file', camera, path });
    else this.progress.note(`${camera}: recording ${path}`);
  }

  serves(address: string): void {
    if (this.flags.json) this.line({ event: 'serve', address });
    else this.progress.note(`live at ${address}`);
  }

  /** What a rule tells. */
  event({ event, ...more }: LiveEvent): void {
    if (this.flags.json) process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
    else this.progress.note(`${more.camera}: ${more.rule} ${event} (${(100 * more.share).toFixed(1)} %)`);
  }

  problem(problem: string): void {
    if (this.flags.json) this.line({ event: 'problem', problem });
    else this.progress.note(problem);
  }

  failed(error: unknown): void {
    if (this.flags.json) this.line({ event: 'error', error: messageOf(error) });
  }

  end({ cameras }: LiveSession, sinks: ReadonlyMap<string, readonly FrameSink[]>): void {
    clearInterval(this.timer);
    this.progress.close();
    for (const { name, stats, state } of cameras) {
      if (state === 'failed' && stats.connections === 0) continue;
      const dropped = (sinks.get(name) ?? []).reduce((sum, sink) => sum + sink.dropped, 0);
      if (this.flags.json) this.line({ event: 'end', camera: name, ...figures(stats), dropped });
      else process.stdout.write(summary(name, stats, dropped));
    }
  }

  /** For the error of a run that was stopped. */
  done({ cameras }: LiveSession): string {
    const frames = cameras.reduce((sum, { stats }) => sum + labelled(stats), 0);
    const { output, labels } = this.flags;
    return `labelled ${frames} frames${output === undefined && labels === undefined ? '' : '; the files are complete'}`;
  }

  private line(value: object): void {
    process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...value })}\n`);
  }
}

const labelled = ({ byNetwork, byWarp }: CameraStats): number => byNetwork + byWarp;

function detail(all: readonly CameraStats[]): string {
  const lag = Math.max(...all.map(({ recentLag }) => recentLag.p99));
  const [network, frames] = [
    all.reduce((sum, { byNetwork }) => sum + byNetwork, 0),
    all.reduce((sum, stats) => sum + labelled(stats), 0),
  ];
  const rates = all.map(({ framesPerSecond }) => framesPerSecond.toFixed(0)).join('+');
  return `now ${rates} a second, lag ${lag.toFixed(0)} ms, ${Math.round((100 * network) / Math.max(1, frames))} % by network`;
}

/** As JSON has them. */
export function figures(stats: CameraStats): object {
  return JSON.parse(
    JSON.stringify(stats, (_key, value) => (typeof value === 'number' ? Number(value.toFixed(2)) : value)),
  );
}

function summary(name: string, stats: CameraStats, dropped: number): string {
  const { received, byNetwork, byWarp, skipped, lag, losses, connections } = stats;
  const frames = labelled(stats);
  if (frames === 0) return `${name}: no frame was labelled\n`;
  const share = (count: number) => `${((100 * count) / frames).toFixed(0)} %`;
  const rest = [
    ...(skipped > 0 ? [`${skipped} of ${received} left out`] : []),
    ...(losses > 0 && connections > 1 ? [`${connections} connections`] : []),
    ...(dropped > 0 ? [`${dropped} came too fast to be written`] : []),
  ];
  return (
    `${name}: ${frames} frames labelled, ${share(byNetwork)} by the network, ${share(byWarp)} by vectors; ` +
    `lag ${lag.median.toFixed(0)} ms, ${lag.p99.toFixed(0)} at the 99th percentile${rest.map((text) => `; ${text}`).join('')}\n`
  );
}
