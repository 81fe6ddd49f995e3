/** The page's beginning. */
import { render } from 'preact';
import { App } from './app.js';

import { player } from './use-player.js';

player.prime();
render(<App />, document.getElementById('app')!);
