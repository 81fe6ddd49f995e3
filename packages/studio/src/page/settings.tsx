/** Which model, and how it is used. */
import type { Speed } from '@twnet/core/network/operating-point';
import { useRef } from 'preact/hooks';
import type { Detail } from '../messages.js';
import { KeyList } from '../player/keys.js';
import { accept } from './sources.js';
import { useStudio } from './studio.js';

/** Shipped ones, as `bundleForBrowsers` lays them out. */
const MODELS: readonly (readonly [address: string, name: string])[] = [
  ['models/cityscapes', 'Cityscapes, 19 classes'],
  ['models/camvid', 'CamVid, 11 classes'],
];
const SPEEDS: Readonly<Record<Speed, string>> = {
  fast: 'fast: the codec’s key frames',
  accurate: 'accurate: a key frame in four',
  causal: 'causal: no frame waits',
};

export function Settings() {
  const player = useStudio();
  const input = useRef<HTMLInputElement>(null);
  const { choice, opened } = player;
  const isShipped = typeof choice.model === 'string';
  const chooseModel = (address: string): void => {
    if (address === 'own') input.current?.click();
    else player.choose({ model: address });
  };
  return (
    <section class="panel settings" aria-label="model">
      <h3>Model</h3>
      <label>
        Network
        <select
          id="model"
          value={isShipped ? (choice.model as string) : 'own'}
          onChange={({ currentTarget }) => chooseModel(currentTarget.value)}
        >
          {MODELS.map(([address, name]) => (
            <option key={address} value={address}>
              {name}
            </option>
          ))}
          <option value="own">
            {isShipped ? 'files of your own …' : (opened?.model.name ?? 'files of your own')}
          </option>
        </select>
      </label>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept=".json,.safetensors,.onnx"
        onChange={({ currentTarget }) => accept([...(currentTarget.files ?? [])], player)}
      />
      <label>
        Way of working
        <select
          id="speed"
          value={choice.speed}
          disabled={opened?.speeds.length === 0}
          onChange={({ currentTarget }) => player.setSpeed(currentTarget.value as Speed)}
        >
          {(opened?.speeds.length ? opened.speeds : (['fast'] as const)).map((speed) => (
            <option key={speed} value={speed}>
              {SPEEDS[speed]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Detail
        <select
          id="detail"
          value={choice.detail}
          onChange={({ currentTarget }) => player.setDetail(Number(currentTarget.value) as Detail)}
        >
          <option value={1}>full</option>
          <option value={0.5}>half the sides: four times as fast</option>
        </select>
      </label>
      <KeyList />
    </section>
  );
}
