/** How much faster a fleet is than one worker, by how many frames a job has. */
export async function plotSpeedups(
  byJobFrames: Readonly<Record<number, readonly { readonly workers: number; readonly hours: number }[]>>,
): Promise<string> {
  const { init } = await import('echarts');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 720, height: 380 });
  const series = Object.entries(byJobFrames).map(([jobFrames, fleets]) => {
    const [smallest] = fleets;
    return {
      name: `${jobFrames} frames a job`,
      type: 'line' as const,
      data: fleets.map(({ workers, hours }) => [workers, (smallest.hours / hours) * smallest.workers]),
    };
  });
  chart.setOption({
    animation: false,
    legend: { top: 0 },
    grid: { left: 70, right: 30, top: 40, bottom: 50 },
    xAxis: { type: 'log', name: 'workers', nameLocation: 'middle', nameGap: 30 },
    yAxis: { type: 'log', name: 'times as fast as one worker', nameLocation: 'middle', nameGap: 50 },
    series: [
      ...series,
      {
        name: 'no loss',
        type: 'line',
        lineStyle: { type: 'dashed' },
        symbol: 'none',
        data: [
          [10, 10],
          [10_000, 10_000],
        ],
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
