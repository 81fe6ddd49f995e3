import { expect, it } from 'vitest';
import { PictureMemory } from './unlabelled.js';

it('pictures beyond the memory are refused, with what would make them fewer', () => {
  const picture = { name: 'a', sequence: '', width: 2 ** 14, height: 2 ** 14, pixels: new Uint8Array(0) };
  const memory = new PictureMemory(2 ** 31);
  expect(memory.with([picture], 'city.mp4')).toEqual([picture]);
  expect(() => memory.with([picture, picture], 'drive.mp4')).toThrow(
    'drive.mp4: with its 2 pictures there are 3.0 GiB to keep in memory, 2.0 are to be had; take fewer (data.most, data.every) or smaller ones',
  );
});
