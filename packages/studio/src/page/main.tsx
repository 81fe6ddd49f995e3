/** The page's beginning. */
import { render } from 'preact';
import { PlayerContext } from '../player/player-context.js';
import { App } from './app.js';
import { answeredByWorker } from './offline.js';
import { studio } from './studio.js';

render(
  <PlayerContext.Provider value={studio}>
    <App />
  </PlayerContext.Provider>,
  document.getElementById('app')!,
);
await answeredByWorker();
studio.prime();
