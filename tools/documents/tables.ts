/** The tables of the documents, by the names that their markers give. */
import { ADAPTED_TABLES } from './adapted-table.js';
import { CLUSTER_TABLES } from './cluster-tables.js';
import { evaluate, Unmeasured } from './expression.js';
import type { Tables } from './fill.js';
import { FRONTIER_TABLES } from './frontier-tables.js';
import type { MeasurementsByName } from './measurements.js';

const LAYERS = [1, 2, 3] as const;
/** Shown where a measurement is still to be made. */
export const TO_BE_MEASURED = '–';

type Cell = (measurements: MeasurementsByName) => string;

/** A marker's expression as a cell. */
const of =
  (expression: string): Cell =>
  (measurements) => {
    try {
      return evaluate(expression, measurements);
    } catch (error) {
      if (error instanceof Unmeasured) return TO_BE_MEASURED;
      throw error;
    }
  };

const text =
  (value: string): Cell =>
  () =>
    value;

const inBrackets =
  (cell: Cell, bracketed: Cell): Cell =>
  (measurements) =>
    `${cell(measurements)} (${bracketed(measurements)})`;

/** Rows that are still to be measured are left out, unless all are. */
function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): Tables[string] {
  return (measurements) => {
    const filled = rows.map((row) => row.map((cell) => cell(measurements)));
    const measured = filled.filter((row) => !row.some((cell) => cell.includes(TO_BE_MEASURED)));
    return [columns, columns.map(() => '---'), ...(measured.length > 0 ? measured : filled)]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n');
  };
}

const P = 'endToEnd.nonKey.median';
const speedPath = (name: string, layer: number): string => `speed-${name}.measurements[layer=${layer}]`;
const perFrameTime = (name: string, digits: number): Cell =>
  of(`${speedPath(name, 1)}.endToEnd.perFrame.median .${digits}`);
/** A P-frame's time and, in brackets, its share of the per-frame network's. */
const pFrame = (name: string, layer: number, digits: number): Cell =>
  inBrackets(
    of(`${speedPath(name, layer)}.${P} .${digits}`),
    of(`${speedPath(name, layer)}.${P} / ${speedPath(name, layer)}.endToEnd.perFrame.median .2`),
  );
const clip = (layer: number, method: string): string => `clip-layer${layer}.columns[method=${method}]`;
const kept = (layer: number): Cell =>
  inBrackets(of(`${clip(layer, 'twnet')}.meanIou %1`), of(`${clip(layer, 'twnet')}.kept .3`));

const headline = table(
  ['MobileNetV1, CamVid’s 11 classes', 'every frame on its own', 'Layer 1', 'Layer 2'],
  [
    [text('mIoU on CamVid’s test stills, 480×360'), of('stills.meanIou %1'), text(''), text('')],
    [
      text('mIoU on consecutive labelled frames at 15 Hz, an I-frame in 12 (share kept)'),
      of(`${clip(1, 'per-frame')}.meanIou %1`),
      kept(1),
      kept(2),
    ],
    [
      text('label flicker on a motorway, % of pixels'),
      of('flicker.perFrame %2'),
      of('flicker.propagated %2'),
      text(''),
    ],
    [
      text('ms a P-frame, 480×360, decoding to labels (share of per frame)'),
      perFrameTime('480x360', 1),
      pFrame('480x360', 1, 1),
      pFrame('480x360', 2, 1),
    ],
    ...(
      [
        ['ms a P-frame, 2048×1024', '2048x1024'],
        ['the same, two groups of pictures at a time (`--parallel 2`)', 'parallel'],
        ['the same, networks on one thread (`--threads 1`)', 'one-thread'],
      ] as const
    ).map(([name, file]) => [text(name), perFrameTime(file, 0), pFrame(file, 1, 0), pFrame(file, 2, 0)]),
  ],
);

const CLASSES = [
  ...['sky', 'building', 'pole', 'road', 'pavement', 'tree', 'sign', 'fence', 'car', 'pedestrian'],
  'bicyclist',
];

const stillsByClass = table(
  [...CLASSES, '**mIoU**', 'pixels right'],
  [
    [
      ...CLASSES.map((name) => of(`stills.classes[name=${name}].iou %1`)),
      of('stills.meanIou %1'),
      of('stills.pixelAccuracy %1'),
    ],
  ],
);

const DISTANCES = Array.from({ length: 12 }, (_, distance) => distance);
const CLIP_COLUMNS: readonly (readonly [string, string])[] = [
  ['per frame', clip(1, 'per-frame')],
  ['Layer 1: warp alone', clip(1, 'warp-alone')],
  ['Layer 1', clip(1, 'twnet')],
  ['Layer 2: warp alone', clip(2, 'warp-alone')],
  ['Layer 2', clip(2, 'twnet')],
  ['Layer 3', clip(3, 'warp-alone')],
];

const byDistance = table(
  ['distance', ...CLIP_COLUMNS.map(([name]) => name)],
  [
    ...DISTANCES.map((distance) => [
      text(String(distance)),
      ...CLIP_COLUMNS.map(([, path]) => of(`${path}.curve[distance=${distance}].meanIou %1`)),
    ]),
    [text('all'), ...CLIP_COLUMNS.map(([, path]) => of(`${path}.meanIou %1`))],
    [text('÷ per frame'), ...CLIP_COLUMNS.map(([, path]) => of(`${path}.kept .3`))],
  ],
);

const METHODS: readonly (readonly [string, string])[] = [
  ['TWNet, Layer 1', 'twnet'],
  ['per frame', 'per-frame'],
  ['warp alone', 'warp-alone'],
  ['Prop-mv', 'prop-mv'],
  ['Interp-mv', 'interp-mv'],
  ['DFF', 'dff'],
  ['TapLab', 'taplab'],
];
const method = (name: string): string => `clip-methods.columns[method=${name}]`;

const methods = table(
  ['', ...METHODS.map(([name]) => name)],
  [
    [text('mIoU, all frames'), ...METHODS.map(([, name]) => of(`${method(name)}.meanIou %1`))],
    [text('share kept'), ...METHODS.map(([, name]) => of(`${method(name)}.kept .3`))],
    [
      text('at distance 11'),
      ...METHODS.map(([, name]) => of(`${method(name)}.curve[distance=11].meanIou %1`)),
    ],
    ...(
      [
        ['pole and sign', 'object'],
        ['pedestrian and bicyclist', 'human'],
      ] as const
    ).map(([told, category]) => [
      text(told),
      ...METHODS.map(([, name]) => of(`${method(name)}.categories[name=${category}].iou %1`)),
    ]),
    [
      text('later frames waited for, at most'),
      ...METHODS.map(([, name]) => of(`${method(name)}.latency .0`)),
    ],
  ],
);

const GROUP = (name: string, layer: number, time: 'endToEnd' | 'network'): Cell =>
  of(`${speedPath(name, layer)}.speedUp.${time}.median .2`);

/** Every network of one setting. */
function speedRows(
  told: string,
  name: string,
  layers: readonly number[],
  digits: number,
  cost?: string,
): Cell[][] {
  const macs = (network: string | number): Cell =>
    cost === undefined ? text('') : of(`${cost}.networks[network=${network}].gigaMacs .2`);
  return [
    [
      text(told),
      text('per frame'),
      perFrameTime(name, digits),
      text('1'),
      text('1'),
      text('1'),
      macs('per-frame'),
    ],
    ...layers.map((layer) => [
      text(''),
      text(`Layer ${layer}`),
      of(`${speedPath(name, layer)}.${P} .${digits}`),
      of(`${speedPath(name, layer)}.${P} / ${speedPath(name, layer)}.endToEnd.perFrame.median .2`),
      GROUP(name, layer, 'endToEnd'),
      GROUP(name, layer, 'network'),
      macs(layer),
    ]),
  ];
}

const speed = table(
  ['', '', 'P, ms', '÷ per frame', 'GOP', 'GOP, networks alone', 'GMACs'],
  [
    ...speedRows('480×360', '480x360', LAYERS, 1, 'cost-480x360'),
    ...speedRows('2048×1024', '2048x1024', LAYERS, 0, 'cost-2048x1024'),
    ...speedRows('2048×1024, `--parallel 2`', 'parallel', [1, 2], 0),
    ...speedRows('2048×1024, `--threads 1`', 'one-thread', [1, 2], 0),
  ],
);

const cost = table(
  ['frame', 'network', 'GMACs', '÷ per frame', 'parameters', 'activations, MiB'],
  (['480x360', '2048x1024'] as const).flatMap((size) =>
    (['per-frame', ...LAYERS] as const).map((network) => {
      const path = `cost-${size}.networks[network=${network}]`;
      return [
        text(network === 'per-frame' ? size.replace('x', '×') : ''),
        text(network === 'per-frame' ? 'per frame' : `Layer ${network}`),
        of(`${path}.gigaMacs .2`),
        of(`${path}.gigaMacs / cost-${size}.networks[network=per-frame].gigaMacs .2`),
        of(`${path}.parameters ,`),
        of(`${path}.peakActivationBytes Mi`),
      ];
    }),
  ),
);

const MINUTES = [1, 2, 4, 6, 8, 10];
const memory = table(
  MINUTES.map((minute) => `minute ${minute}`),
  [MINUTES.map((minute) => of(`memory.mebibytes.${minute - 1} .0`))],
);

/** What each measurement was made with: command, machine, day. */
const measurementList: Tables[string] = (measurements) =>
  [
    '| measurement | command | machine | day |',
    '| --- | --- | --- | --- |',
    ...[...measurements]
      .filter(([, { stamp }]) => stamp)
      .map(
        ([
          name,
          {
            stamp: { command, machine, date },
          },
        ]) => {
          const told = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ONNX Runtime ${machine.onnxruntime}`;
          const shown = command.replace(/ -o \S+/, '').replaceAll('|', '\\|');
          return `| [${name}](../measurements/${name}.json) | \`${shown}\` | ${told} | ${date.slice(0, 10)} |`;
        },
      ),
  ].join('\n');

export const TABLES: Tables = {
  headline,
  'stills-by-class': stillsByClass,
  'by-distance': byDistance,
  methods,
  speed,
  cost,
  memory,
  measurements: measurementList,
  ...FRONTIER_TABLES,
  ...ADAPTED_TABLES,
  ...CLUSTER_TABLES,
};
