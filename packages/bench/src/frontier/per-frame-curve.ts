/** The per-frame network at every scale as a curve of accuracy over time, and where another method stands beside it. */

export interface CurvePoint {
  /** Share of the working size. */
  readonly scale: number;
  readonly milliseconds: number;
  readonly meanIou: number;
}

/** What the per-frame network gives in the same time. */
export interface AsFast {
  /** Between the scales that were measured, by the same proportion. */
  readonly scale: number;
  readonly meanIou: number;
  /** Of each point of the curve in this one; the others have none. */
  readonly weights: readonly { readonly index: number; readonly weight: number }[];
  /**
   * 'faster': no scale that was measured is as fast, this is the fastest; 'slower': none that takes as long is better,
   * this is the best.
   */
  readonly beyond?: 'faster' | 'slower';
}

/**
 * The per-frame network at the scale that takes as long as `milliseconds`: linear between neighbouring points over the
 * logarithm of time. Points that a faster one equals or betters are left out: nobody would choose them.
 *
 * @param curve in any order
 * @throws RangeError for a curve without points
 */
export function asFastAs(curve: readonly CurvePoint[], milliseconds: number): AsFast {
  const frontier = frontierOf(curve);
  const first = frontier[0];
  const last = frontier.at(-1)!;
  if (milliseconds <= first.milliseconds || frontier.length === 1)
    return only(first, milliseconds < first.milliseconds ? 'faster' : beyondLast(first, milliseconds));
  if (milliseconds >= last.milliseconds) return only(last, beyondLast(last, milliseconds));
  const above = frontier.findIndex((point) => point.milliseconds > milliseconds);
  const [low, high] = [frontier[above - 1], frontier[above]];
  const share = Math.log(milliseconds / low.milliseconds) / Math.log(high.milliseconds / low.milliseconds);
  const between = (a: number, b: number): number => (1 - share) * a + share * b;
  return {
    scale: between(low.scale, high.scale),
    meanIou: between(low.meanIou, high.meanIou),
    weights: [
      { index: low.index, weight: 1 - share },
      { index: high.index, weight: share },
    ],
  };
}

type Indexed = CurvePoint & { readonly index: number };

/** Fastest first, each better than all before. */
function frontierOf(curve: readonly CurvePoint[]): Indexed[] {
  if (curve.length === 0) throw new RangeError('a curve without points');
  const sorted = curve
    .map((point, index): Indexed => ({ ...point, index }))
    .sort((a, b) => a.milliseconds - b.milliseconds || b.meanIou - a.meanIou);
  let best = Number.NEGATIVE_INFINITY;
  return sorted.filter(({ meanIou }) => {
    const better = meanIou > best;
    best = Math.max(best, meanIou);
    return better;
  });
}

function only({ scale, meanIou, index }: Indexed, beyond: AsFast['beyond']): AsFast {
  return { scale, meanIou, weights: [{ index, weight: 1 }], ...(beyond ? { beyond } : {}) };
}

function beyondLast(last: CurvePoint, milliseconds: number): AsFast['beyond'] {
  return milliseconds > last.milliseconds ? 'slower' : undefined;
}
