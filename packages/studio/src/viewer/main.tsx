/** The viewer's beginning: shows the recordings that the page around it holds. */
import type { Recording } from '@twnet/core/segment/recording';
import { render } from 'preact';
import { RecordedPlayer } from './recorded-player.js';
import { Viewer } from './viewer.js';

const recordings = [...document.querySelectorAll('script.recording')].map(
  ({ textContent }) => JSON.parse(textContent!) as Recording,
);
const [first, ...others] = recordings;
if (first) {
  const player = new RecordedPlayer([first, ...others]);
  render(<Viewer player={player} />, document.getElementById('viewer')!);
}
