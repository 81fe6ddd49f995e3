/** echarts with its common charts as one file: its 600 modules take a second longer to load. */
declare module 'echarts/dist/echarts.common.min.js' {
  import type { init } from 'echarts/core';

  const echarts: { readonly init: typeof init };
  export default echarts;
}
