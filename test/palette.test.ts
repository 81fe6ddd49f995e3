import { readFileSync } from 'node:fs';
import { CAMVID } from '@twnet/core/classes';
import { describe, expect, it } from 'vitest';
import { leastApart, NEIGHBOURS } from './colour-vision.js';

describe("CamVid's colours, over a picture at half opacity, for every kind of eye", () => {
  const { classes, palette } = CAMVID;
  const distance = (a: string, b: string) =>
    leastApart(palette[classes.indexOf(a)], palette[classes.indexOf(b)]).distance;

  it.each(NEIGHBOURS)('%s and %s are far apart', (a, b) => {
    expect(distance(a, b)).toBeGreaterThan(8);
  });

  it('no two are alike', () => {
    const pairs = classes.flatMap((a, i) => classes.slice(i + 1).map((b) => distance(a, b)));
    expect(Math.min(...pairs)).toBeGreaterThan(6);
  });

  it("are those of the shipped model's card", () => {
    const card = JSON.parse(
      readFileSync(new URL('../packages/models/camvid-mobilenet-v1/model.json', import.meta.url), 'utf8'),
    ) as { classes: string[]; palette: number[][] };
    expect(card.classes).toEqual(classes);
    expect(card.palette).toEqual(palette);
  });
});
