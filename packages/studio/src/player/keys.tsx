/** What keys do; the page lists them. */
import type { Player } from './player.js';

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['Space', 'play, pause'],
  ['← →', 'one frame'],
  ['⇧ ← →', 'a second'],
  ['Home End', 'first, last frame'],
  ['L', 'labels'],
  ['V', 'motion vectors'],
  ['C', 'compare two ways of labelling'],
  ['[ ]', 'opacity'],
  ['1 … 9', 'switch a class'],
];

export function KeyList() {
  return (
    <details>
      <summary>Keys</summary>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Keys that a slider or list has a use for are theirs. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type !== 'checkbox');

export function handleKey(event: KeyboardEvent, player: Player): void {
  if (event.ctrlKey || event.metaKey || event.altKey || player.phase !== 'ready') return;
  if (isTyping(event.target)) return;
  const { view } = player;
  const second = Math.round(1 / secondsPerFrame(player));
  const by = event.shiftKey ? second : 1;
  const actions: Readonly<Record<string, () => void>> = {
    ' ': () => player.toggle(),
    ArrowLeft: () => player.step(-by),
    ArrowRight: () => player.step(by),
    Home: () => player.seek(0),
    End: () => player.seek((player.frameCount ?? 1) - 1),
    l: () => player.look({ layer: view.layer === 'labels' ? 'none' : 'labels' }),
    v: () => player.look({ vectors: !view.vectors }),
    c: () => player.canCompare && player.look({ compares: !view.compares }),
    '[': () => player.look({ opacity: Math.max(0, view.opacity - 0.1) }),
    ']': () => player.look({ opacity: Math.min(1, view.opacity + 0.1) }),
  };
  const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
  const action =
    actions[event.key] ??
    (digit >= 0 && digit < (player.opened?.classes.length ?? 0)
      ? () => player.toggleClass(digit)
      : undefined);
  if (!action) return;
  event.preventDefault();
  action();
}

function secondsPerFrame({ opened }: Player): number {
  const times = opened?.index?.times;
  if (!times || times.length < 2) return 1 / 25;
  return (times[times.length - 1] - times[0]) / (times.length - 1);
}
