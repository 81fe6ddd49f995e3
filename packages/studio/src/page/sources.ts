/** Where videos come from: chosen or dropped files, camera, screen; and models of one's own. */
import { InputError, messageOf } from '@twnet/core/errors';
import { framesOf } from '@twnet/web/video/live-pictures';
import type { SegmentingPlayer } from './segmenting-player.js';

const isOfModel = ({ name }: File): boolean => /\.(safetensors|onnx)$|^model\.json$/.test(name);

export function acceptDropped(event: DragEvent, player: SegmentingPlayer): void {
  const files = [...(event.dataTransfer?.files ?? [])];
  accept(files, player);
}

/** A model's files are taken for one, anything else for a video. */
export function accept(files: readonly File[], player: SegmentingPlayer): void {
  if (files.length === 0) return;
  if (files.some(isOfModel)) player.choose({ model: files.filter(isOfModel) });
  else player.open({ kind: 'file', file: files[0] });
}

export async function openSample(player: SegmentingPlayer): Promise<void> {
  try {
    const response = await fetch(new URL('./sample.mp4', import.meta.url));
    if (!response.ok) throw new InputError('the sample clip is not there; choose a file');
    player.open({ kind: 'file', file: new File([await response.blob()], 'sample.mp4') });
  } catch (error) {
    player.say(messageOf(error));
  }
}

export async function openLive(kind: 'camera' | 'screen', player: SegmentingPlayer): Promise<void> {
  try {
    const { mediaDevices } = navigator;
    if (!mediaDevices) throw new InputError(`a page has no ${kind} but over https or on localhost`);
    const stream =
      kind === 'camera'
        ? await mediaDevices.getUserMedia({ video: { width: { ideal: 640 }, facingMode: 'environment' } })
        : await mediaDevices.getDisplayMedia({ video: true });
    player.open({ kind: 'live', name: kind, frames: framesOf(stream) });
    const stop = player.subscribe(() => {
      if (player.isLive && player.phase !== 'welcome') return;
      for (const track of stream.getTracks()) track.stop();
      stop();
    });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    player.say(
      name === 'NotAllowedError' ? `the ${kind}: was not allowed` : `the ${kind}: ${messageOf(error)}`,
    );
  }
}
