/** Milliseconds by stage, of the frame that is shown; beside them those of the per-frame network. */
import type { Stages } from '../shown.js';
import { usePlayer } from './player-context.js';

const STAGES: readonly (readonly [keyof Stages, string])[] = [
  ['decode', 'decode'],
  ['motion', 'motion'],
  ['network', 'network'],
  ['labels', 'labels'],
];
const sum = (stages: Stages): number => STAGES.reduce((all, [stage]) => all + stages[stage], 0);

export interface TimingProps {
  /** What all frames together come to. */
  readonly rate?: string | undefined;
  readonly about?: string | undefined;
}

export function Timing({ rate, about }: TimingProps) {
  const { frame, sides } = usePlayer();
  const stages = frame?.stages;
  const other = frame?.alone?.stages;
  const rows: (readonly [string, Stages])[] = [
    ...(stages ? [[frame.kind === 'key' ? 'key frame' : sides[0], stages] as const] : []),
    ...(other ? [[sides[1], other] as const] : []),
  ];
  const longest = Math.max(1, ...rows.map(([, took]) => sum(took)));
  return (
    <section class="panel timing" aria-label="time">
      <h3>
        Time
        <span>{rate}</span>
      </h3>
      {rows.map(([name, took]) => (
        <div key={name} class="row">
          <span>{name}</span>
          <div class="bar" aria-hidden="true">
            {STAGES.map(([stage]) => (
              <i key={stage} class={stage} style={{ width: `${(100 * took[stage]) / longest}%` }} />
            ))}
          </div>
          <b>{sum(took).toFixed(0)} ms</b>
        </div>
      ))}
      <p class="key">
        {STAGES.map(([stage, name]) => (
          <span key={stage}>
            <i class={stage} />
            {name} {stages ? stages[stage].toFixed(0) : '–'}
          </span>
        ))}
      </p>
      {about !== undefined && <p class="soft">{about}</p>}
    </section>
  );
}
