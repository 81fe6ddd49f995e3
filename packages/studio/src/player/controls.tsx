/** Playing, and what lies over the picture. */
import type { Layer } from '../shown.js';
import { Icon, type IconName } from './icons.js';
import { usePlayer } from './player-context.js';

const LAYERS: Readonly<Record<Layer, string>> = {
  labels: 'Labels',
  truth: 'Exact',
  errors: 'Errors',
  confidence: 'Confidence',
  residual: 'Residual',
  attention: 'Attention',
  none: 'Picture',
};

export function Controls() {
  const player = usePlayer();
  const { frame, view, playing, isLive } = player;
  const button = (name: IconName, label: string, onClick: () => void, id?: string) => (
    <button
      type="button"
      class="icon"
      id={id}
      aria-label={label}
      title={label}
      disabled={!frame}
      onClick={onClick}
    >
      <Icon name={name} />
    </button>
  );
  return (
    <div class="controls">
      {!isLive && (
        <div class="transport">
          {button('back', 'one frame back', () => player.step(-1))}
          {button(playing ? 'pause' : 'play', playing ? 'pause' : 'play', () => player.toggle(), 'play')}
          {button('next', 'one frame on', () => player.step(1))}
        </div>
      )}
      <output id="said" aria-live="off">
        {frame
          ? isLive
            ? `frame ${frame.index + 1}`
            : `${clock(frame.time)} · frame ${frame.index + 1} of ${player.frameCount}`
          : '–'}
      </output>
      <div class="layers" role="radiogroup" aria-label="over the picture">
        {player.opened?.layers.map((layer) => (
          <label key={layer}>
            <input
              type="radio"
              name="layer"
              value={layer}
              checked={view.layer === layer}
              onChange={() => player.look({ layer })}
              // Who points goes on with the arrow keys from frame to frame, not from layer to layer.
              onClick={({ detail, currentTarget }) => detail > 0 && currentTarget.blur()}
            />
            {LAYERS[layer]}
          </label>
        ))}
      </div>
      {player.opened?.hasVectors && (
        <label class="switch">
          <input
            type="checkbox"
            id="vectors"
            checked={view.vectors}
            onChange={() => player.look({ vectors: !view.vectors })}
          />
          Vectors
        </label>
      )}
      {player.canCompare && (
        <label class="switch">
          <input
            type="checkbox"
            id="compare"
            checked={view.compares}
            onChange={() => player.look({ compares: !view.compares })}
          />
          Compare
        </label>
      )}
    </div>
  );
}

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - 60 * minutes).toFixed(2).padStart(5, '0')}`;
}
