/** The frame as it is shown, as a PNG. */
import { download } from './download.js';
import type { Player } from './player.js';

export const baseName = (name: string): string => name.replace(/\.\w+$/, '');

export function savePicture({ opened, frame }: Player): void {
  if (!opened || !frame) return;
  const canvas = document.getElementById('picture') as HTMLCanvasElement;
  canvas.toBlob((blob) => {
    if (blob) download(blob, `${baseName(opened.name)}-${frame.index + 1}.png`);
  }, 'image/png');
}
