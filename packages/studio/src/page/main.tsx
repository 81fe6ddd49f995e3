/** The page's beginning. */
import { render } from 'preact';
import { App } from './app.js';
import { answeredByWorker } from './offline.js';
import { player } from './use-player.js';

render(<App />, document.getElementById('app')!);
await answeredByWorker();
player.prime();
