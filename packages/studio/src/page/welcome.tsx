/** What there is to see before a video is. */
import { useRef } from 'preact/hooks';
import { Icon } from '../player/icons.js';
import { accept, openLive, openSample } from './sources.js';
import { useStudio } from './studio.js';

export function Welcome() {
  const player = useStudio();
  const input = useRef<HTMLInputElement>(null);
  const chosen = (): void => accept([...(input.current?.files ?? [])], player);
  return (
    <main class="welcome">
      <h2>
        Every pixel, named.
        <br />
        Every frame, in your browser.
      </h2>
      <p class="lead">
        Drop a video: a network labels its key frames, and motion carries the labels through all that lies
        between. The file never leaves this machine.
      </p>
      <button type="button" class="drop" onClick={() => input.current?.click()}>
        <Icon name="file" />
        <b>Drop a video here, or choose one</b>
        <span>MP4, MOV, WebM, MKV · H.264, VP8, VP9, AV1 · a model’s files, too</span>
      </button>
      <input
        ref={input}
        id="file"
        type="file"
        accept="video/*,.mkv,.ts,.json,.safetensors,.onnx"
        multiple
        hidden
        onChange={chosen}
      />
      <div class="sources">
        <button type="button" onClick={() => void openSample(player)}>
          <Icon name="spark" /> Sample clip
        </button>
        <button type="button" onClick={() => void openLive('camera', player)}>
          <Icon name="camera" /> Camera
        </button>
        <button type="button" onClick={() => void openLive('screen', player)}>
          <Icon name="screen" /> Screen
        </button>
      </div>
    </main>
  );
}
