/** What can be taken home. */
import { download } from '../player/download.js';
import { Icon } from '../player/icons.js';
import { baseName, savePicture } from '../player/save-picture.js';
import type { SegmentingPlayer } from './segmenting-player.js';
import { useStudio } from './studio.js';

export function Exports() {
  const player = useStudio();
  const { frame, exporting, isLive } = player;
  if (exporting !== undefined)
    return (
      <section class="panel exports" aria-label="download">
        <h3>
          Writing the video
          <button type="button" class="text" onClick={() => player.cancelExport()}>
            cancel
          </button>
        </h3>
        <progress max="1" value={exporting} aria-label="written so far" />
      </section>
    );
  const button = (id: string, name: string, what: string, onClick: () => void) => (
    <button type="button" id={id} title={what} disabled={!frame} onClick={onClick}>
      <Icon name="download" /> {name}
    </button>
  );
  return (
    <section class="panel exports" aria-label="download">
      <h3>Download</h3>
      <div class="buttons">
        {!isLive && button('mp4', 'MP4', 'the whole video with its labels', () => player.exportVideo('mp4'))}
        {!isLive &&
          button('webm', 'WebM', 'the whole video with its labels', () => player.exportVideo('webm'))}
        {button('png', 'PNG', 'this frame', () => savePicture(player))}
        {!isLive && button('json', 'JSON', 'what the frames so far hold', () => saveRecords(player))}
      </div>
    </section>
  );
}

function saveRecords(player: SegmentingPlayer): void {
  const { opened, records } = player;
  if (!opened) return;
  const { name, model, classes, palette, labels, size } = opened;
  const frames = [...records.values()]
    .sort((a, b) => a.index - b.index)
    .map(({ areas, ...frame }) => ({
      ...frame,
      areas: Object.fromEntries(classes.flatMap((each, id) => (areas[id] > 0 ? [[each, areas[id]]] : []))),
    }));
  const text = JSON.stringify({ video: name, ...size, labels, model, classes, palette, frames }, null, 1);
  download(new Blob([text], { type: 'application/json' }), `${baseName(name)}-labels.json`);
}
