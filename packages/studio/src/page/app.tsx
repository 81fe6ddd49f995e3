/** All of the page. */
import { useEffect, useState } from 'preact/hooks';
import { Controls } from '../player/controls.js';
import { Icon } from '../player/icons.js';
import { handleKey } from '../player/keys.js';
import { Legend } from '../player/legend.js';
import { Stage } from '../player/stage.js';
import { Timeline } from '../player/timeline.js';
import { Timing } from '../player/timing.js';
import { Exports } from './exports.js';
import { Settings } from './settings.js';
import { acceptDropped } from './sources.js';
import { useStudio } from './studio.js';
import { Welcome } from './welcome.js';

const THEMES = { auto: 'as the system', light: 'light', dark: 'dark' } as const;
type Theme = keyof typeof THEMES;

export function App() {
  const player = useStudio();
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => handleKey(event, player);
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [player]);
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setDragging(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setDragging(false);
    acceptDropped(event, player);
  };
  return (
    <div
      class={dragging ? 'app dragging' : 'app'}
      role="application"
      aria-label="twnet studio"
      onDragOver={over}
      onDragLeave={() => setDragging(false)}
      onDrop={drop}
    >
      <Header />
      {player.error !== undefined && (
        <div class="error" role="alert">
          <span>{player.error}</span>
          <button type="button" class="icon" aria-label="dismiss" onClick={() => player.say(undefined)}>
            <Icon name="close" />
          </button>
        </div>
      )}
      {player.phase === 'welcome' ? <Welcome /> : <Workspace />}
    </div>
  );
}

function Workspace() {
  const { speed, firstLabels, opened } = useStudio();
  const rate = speed === undefined ? undefined : `${speed.toFixed(1)} frames a second`;
  const threads = `${opened?.threads} thread${opened?.threads === 1 ? '' : 's'}`;
  const runsOn = opened?.provider === 'webgpu' ? 'WebGPU' : `WebAssembly, ${threads}`;
  const first = firstLabels === undefined ? '' : ` · first labels after ${(firstLabels / 1000).toFixed(2)} s`;
  return (
    <main class="workspace">
      <section class="theatre" aria-label="video">
        <Stage />
        <Timeline />
        <Controls />
      </section>
      <aside class="panels">
        <Legend />
        <Timing rate={rate} about={opened && `${runsOn}${first}`} />
        <Settings />
        <Exports />
      </aside>
    </main>
  );
}

function Header() {
  const player = useStudio();
  const [theme, setTheme] = useState<Theme>('auto');
  const next = (): void => {
    const names = Object.keys(THEMES) as Theme[];
    const chosen = names[(names.indexOf(theme) + 1) % names.length];
    setTheme(chosen);
    document.documentElement.dataset.theme = chosen;
  };
  return (
    <header>
      <h1>
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <rect width="32" height="32" rx="8" fill="var(--accent)" />
          <path d="M6 21l7-9 5 6 3-4 5 7z" fill="var(--on-accent)" />
          <circle cx="21" cy="10" r="2.5" fill="var(--on-accent)" />
        </svg>
        twnet <span>studio</span>
      </h1>
      {player.opened && player.phase !== 'welcome' && (
        <p class="what" title={player.opened.name}>
          <b>{player.opened.name}</b>
          <span>
            {player.opened.size.width}×{player.opened.size.height}
            {player.opened.codec ? ` · ${player.opened.codec}` : ''}
          </span>
        </p>
      )}
      <div class="actions">
        <span class="private" title="All is computed in this page. No request leaves it.">
          nothing leaves this page
        </span>
        <button
          type="button"
          class="icon"
          aria-label={`colours: ${THEMES[theme]}`}
          title={`colours: ${THEMES[theme]}`}
          onClick={next}
        >
          <Icon name="sun" />
        </button>
        {player.phase !== 'welcome' && (
          <button type="button" class="icon" aria-label="close the video" onClick={() => player.close()}>
            <Icon name="close" />
          </button>
        )}
      </div>
    </header>
  );
}
