import { LABEL } from '../../../twnet/src/page/chart.js';

/** An axis in powers of 2 over values above 0, its name below. */
export function logarithmic(values: readonly number[]) {
  return {
    type: 'log' as const,
    logBase: 2,
    nameLocation: 'middle' as const,
    nameGap: 28,
    min: 2 ** Math.floor(Math.log2(Math.min(...values))),
    max: 2 ** Math.ceil(Math.log2(1.05 * Math.max(...values))),
    axisLabel: LABEL,
    splitLine: { show: false },
  };
}
