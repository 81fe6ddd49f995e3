/** What can be taken home. */

import { download } from './download.js';
import { Icon } from './icons.js';
import type { Player } from './player.js';
import { usePlayer } from './use-player.js';

export function Exports() {
  const player = usePlayer();
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

const baseOf = ({ opened }: Player): string => (opened?.name ?? 'video').replace(/\.\w+$/, '');

function savePicture(player: Player): void {
  const canvas = document.getElementById('picture') as HTMLCanvasElement;
  canvas.toBlob((blob) => {
    if (blob) download(blob, `${baseOf(player)}-${player.frame!.index + 1}.png`);
  }, 'image/png');
}

function saveRecords(player: Player): void {
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
  download(new Blob([text], { type: 'application/json' }), `${baseOf(player)}-labels.json`);
}
