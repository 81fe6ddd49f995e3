/** A recording with the studio's player: all but what takes a network. */
import { useEffect, useRef } from 'preact/hooks';
import { Controls } from '../player/controls.js';
import { Icon } from '../player/icons.js';
import { handleKey, KeyList } from '../player/keys.js';
import { Legend } from '../player/legend.js';
import { PlayerContext, useChanges } from '../player/player-context.js';
import { savePicture } from '../player/save-picture.js';
import { Stage } from '../player/stage.js';
import { Timeline } from '../player/timeline.js';
import { Timing } from '../player/timing.js';
import type { RecordedPlayer } from './recorded-player.js';

/** Keys by which pages scroll: the viewer's where it has the focus. */
const SCROLLING = [' ', 'Home', 'End'];

export function Viewer({ player }: { readonly player: RecordedPlayer }) {
  useChanges(player);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isInside = root.current?.contains(event.target as Node | null) === true;
      if (isInside || !SCROLLING.includes(event.key)) handleKey(event, player);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [player]);
  return (
    <PlayerContext.Provider value={player}>
      <div class="workspace" ref={root}>
        <section class="theatre" aria-label="video">
          {player.error !== undefined && (
            <div class="error" role="alert">
              <span>{player.error}</span>
            </div>
          )}
          <Stage />
          <Timeline />
          <Controls />
        </section>
        <aside class="panels">
          <Legend />
          <Ways player={player} />
          {player.frame?.stages && <Timing />}
        </aside>
      </div>
    </PlayerContext.Provider>
  );
}

/** What is shown, and beside what. */
function Ways({ player }: { readonly player: RecordedPlayer }) {
  const { recordings, recording, chosen, canCompare, view } = player;
  const [left, right] = chosen;
  const ways = (id: string, name: string, value: number, choose: (way: number) => void) => (
    <label>
      {name}
      <select id={id} value={value} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
        {recording.ways.map((way, index) => (
          <option key={way} value={index}>
            {way}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="panel settings" aria-label="what is shown">
      <h3>
        Shown
        <button
          type="button"
          id="png"
          class="text"
          title="this frame as a picture"
          disabled={!player.frame}
          onClick={() => savePicture(player)}
        >
          <Icon name="download" /> PNG
        </button>
      </h3>
      {recordings.length > 1 && (
        <label>
          Clip
          <select
            id="clip"
            value={recordings.indexOf(recording)}
            onChange={({ currentTarget }) => player.open(recordings[Number(currentTarget.value)])}
          >
            {recordings.map(({ name }, index) => (
              <option key={name} value={index}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {canCompare &&
        ways('left', view.compares ? 'Labels on the left' : 'Labels', left, (way) =>
          player.choose([way, right]),
        )}
      {canCompare && ways('right', 'Compared with', right, (way) => player.choose([left, way]))}
      <KeyList />
    </section>
  );
}
