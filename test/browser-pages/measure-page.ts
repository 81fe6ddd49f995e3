/** What tools/measure/browser.ts opens in a browser: `twnet/web` against the clock, and for long. */
import { segment } from 'twnet/web';
import type { MeasurePage } from './found.js';

const MODEL = { model: 'models/cityscapes', provider: 'wasm', recycle: true } as const;

const page: MeasurePage = {
  async time(address, options, from, to) {
    const file = await (await fetch(address)).blob();
    let begun = 0;
    let count = 0;
    const stages = { decode: 0, motion: 0, network: 0, labels: 0 };
    for await (const { frame, timings } of segment(file, { ...MODEL, ...options })) {
      // The frame before the first one that counts is done.
      if (frame.index === from - 1) begun = performance.now();
      if (frame.index < from) continue;
      count++;
      for (const name of ['decode', 'motion', 'network', 'labels'] as const) stages[name] += timings[name];
      if (frame.index === to - 1) break;
    }
    const seconds = (performance.now() - begun) / 1000;
    const milliseconds = Object.entries(stages).map(([name, sum]) => [name, sum / count]);
    return { framesPerSecond: count / seconds, milliseconds: Object.fromEntries(milliseconds) };
  },
  async soak(address, options) {
    const file = await (await fetch(address)).blob();
    for await (const { frame } of segment(file, { ...MODEL, ...options }))
      Object.assign(globalThis, { soaked: frame.index + 1 });
  },
};

Object.assign(globalThis, { measure: page });
