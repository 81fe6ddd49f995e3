/** The picture with its labels, vectors over it, and the wipe between two ways of labelling. */
import { messageOf } from '@twnet/core/errors';
import { useEffect, useRef } from 'preact/hooks';
import { LabelRenderer } from '../render/label-renderer.js';
import { drawVectors } from '../render/vectors.js';
import type { Layer } from '../shown.js';
import type { Player } from './player.js';
import { usePlayer } from './player-context.js';

const MAPS = ['confidence', 'residual', 'attention'] as const;
const isMap = (layer: Layer): layer is (typeof MAPS)[number] => (MAPS as readonly Layer[]).includes(layer);

export function Stage() {
  const player = usePlayer();
  const picture = useRef<HTMLCanvasElement>(null);
  const lines = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<
    { renderer: LabelRenderer; palette: unknown; frame: unknown; layer: unknown } | undefined
  >(undefined);
  const { opened, frame, view } = player;
  useEffect(() => {
    if (!opened || !frame || !picture.current || !lines.current) return;
    let at = drawn.current;
    if (at?.palette !== opened.palette) {
      try {
        const renderer = new LabelRenderer(picture.current, opened.palette);
        at = { renderer, palette: opened.palette, frame: undefined, layer: undefined };
      } catch (error) {
        if (player.error === undefined) player.say(messageOf(error));
        return;
      }
      drawn.current = at;
    }
    if (at.frame !== frame || at.layer !== view.layer) {
      const map = isMap(view.layer) ? frame[view.layer] : undefined;
      at.renderer.show({
        ...{ pixels: frame.pixels, size: opened.frame, labels: frame.labels, labelSize: opened.labels, map },
        ...{ alone: frame.alone?.labels, truth: frame.truth },
      });
      Object.assign(at, { frame, layer: view.layer });
    }
    const wipe = view.compares && frame.alone ? view.wipe : undefined;
    at.renderer.draw({ opacity: view.opacity, hidden: view.hidden, layer: view.layer, wipe });
    drawVectors(lines.current, view.vectors ? frame.vectors : undefined, opened.frame.width, frame.distance);
  });
  const { width, height } = opened?.size ?? { width: 16, height: 9 };
  // Sharp labels, whatever the video's size.
  const zoom = Math.min(4, Math.max(1, Math.ceil(960 / width)));
  return (
    <div class="stage" style={{ '--ratio': `${width} / ${height}`, '--shape': width / height }}>
      <canvas
        ref={picture}
        id="picture"
        width={zoom * width}
        height={zoom * height}
        role="img"
        aria-label="video with labels"
      />
      <canvas
        ref={lines}
        id="lines"
        width={zoom * width}
        height={zoom * height}
        role="img"
        aria-label="motion vectors"
      />
      {player.phase === 'opening' && <p class="waiting">opening …</p>}
      {player.phase === 'ready' && !frame && <p class="waiting">the first labels are on their way …</p>}
      {view.compares && frame?.alone && <Wipe player={player} />}
      {frame && <Badge player={player} />}
    </div>
  );
}

function Badge({ player: { frame, view } }: { readonly player: Player }) {
  if (!frame) return null;
  const from = frame.kind === 'key' ? 'key frame' : `+${frame.distance}`;
  return (
    <p class={frame.kind === 'key' ? 'badge key' : 'badge'}>
      <b>{frame.type}</b> {from}
      {view.compares && frame.alone ? ` · ${(100 * frame.alone.equal).toFixed(1)} % alike` : ''}
    </p>
  );
}

function Wipe({ player }: { readonly player: Player }) {
  const { wipe } = player.view;
  const [left, right] = player.sides;
  return (
    <div class="wipe" style={{ '--wipe': `${100 * wipe}%` }}>
      <span class="left">{left}</span>
      <span class="right">{right}</span>
      <i />
      <input
        type="range"
        min="0"
        max="1"
        step="0.005"
        value={wipe}
        aria-label="where both ways of labelling meet"
        onInput={({ currentTarget }) => player.look({ wipe: Number(currentTarget.value) })}
      />
    </div>
  );
}
