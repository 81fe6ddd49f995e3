/** The classes: what their colours mean, how much of the picture they are, and whether they are shown. */
import { usePlayer } from './player-context.js';

export function Legend() {
  const player = usePlayer();
  const { opened, frame, view } = player;
  const total = opened ? opened.labels.width * opened.labels.height : 1;
  return (
    <section class="panel legend" aria-label="classes">
      <h3>
        Classes
        <button
          type="button"
          class="text"
          disabled={view.hidden.length === 0}
          onClick={() => player.look({ hidden: [] })}
        >
          all
        </button>
      </h3>
      <ul>
        {opened?.classes.map((name, id) => {
          const share = (frame?.areas[id] ?? 0) / total;
          const hidden = view.hidden.includes(id);
          return (
            <li key={name} class={hidden ? 'off' : ''} style={{ '--share': `${100 * share}%` }}>
              <label>
                <input type="checkbox" checked={!hidden} onChange={() => player.toggleClass(id)} />
                <i style={{ background: `rgb(${opened.palette[id].join(' ')})` }} />
                <span>{name}</span>
              </label>
              <button
                type="button"
                class="text"
                aria-label={`${name} alone`}
                onClick={() => player.soloClass(id)}
              >
                only
              </button>
              <b>{share >= 0.0005 ? `${(100 * share).toFixed(1)} %` : ''}</b>
            </li>
          );
        })}
      </ul>
      <label class="slider">
        Opacity
        <input
          id="opacity"
          type="range"
          min="0"
          max="1"
          step="0.05"
          value={view.opacity}
          onInput={({ currentTarget }) => player.look({ opacity: Number(currentTarget.value) })}
        />
        <output>{Math.round(100 * view.opacity)} %</output>
      </label>
    </section>
  );
}
