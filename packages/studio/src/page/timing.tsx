/** Milliseconds by stage, of the frame that is shown; beside them those of the per-frame network. */
import type { Stages } from '../messages.js';
import { usePlayer } from './use-player.js';

const STAGES: readonly (readonly [keyof Stages, string])[] = [
  ['decode', 'decode'],
  ['motion', 'motion'],
  ['network', 'network'],
  ['labels', 'labels'],
];
const sum = (stages: Stages): number => STAGES.reduce((all, [stage]) => all + stages[stage], 0);

export function Timing() {
  const { frame, speed, firstLabels, opened } = usePlayer();
  const rows: (readonly [string, Stages])[] = frame
    ? [
        [frame.kind === 'key' ? 'key frame' : 'with motion', frame.stages],
        ...(frame.alone ? [['on its own', frame.alone.stages] as const] : []),
      ]
    : [];
  const longest = Math.max(1, ...rows.map(([, stages]) => sum(stages)));
  return (
    <section class="panel timing" aria-label="time">
      <h3>
        Time
        <span>{speed === undefined ? '' : `${speed.toFixed(1)} frames a second`}</span>
      </h3>
      {rows.map(([name, stages]) => (
        <div key={name} class="row">
          <span>{name}</span>
          <div class="bar" aria-hidden="true">
            {STAGES.map(([stage]) => (
              <i key={stage} class={stage} style={{ width: `${(100 * stages[stage]) / longest}%` }} />
            ))}
          </div>
          <b>{sum(stages).toFixed(0)} ms</b>
        </div>
      ))}
      <p class="key">
        {STAGES.map(([stage, name]) => (
          <span key={stage}>
            <i class={stage} />
            {name} {frame ? frame.stages[stage].toFixed(0) : '–'}
          </span>
        ))}
      </p>
      {opened && (
        <p class="soft">
          {opened.provider === 'webgpu'
            ? 'WebGPU'
            : `WebAssembly, ${opened.threads} thread${opened.threads === 1 ? '' : 's'}`}
          {firstLabels === undefined ? '' : ` · first labels after ${(firstLabels / 1000).toFixed(2)} s`}
        </p>
      )}
    </section>
  );
}
