/** `docs/research/results.md` from the report as data (`report.json` of `twnet report`). */
import type { Measurement } from './measurements.js';

interface Table {
  readonly columns: readonly { readonly name: string; readonly paper?: boolean }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'table'; readonly table: number }
  /** What only the report's page can show. */
  | { readonly kind: 'viewer'; readonly clips: readonly string[] }
  | {
      readonly kind: 'chart' | 'picture';
      readonly file: string;
      readonly alt: string;
      readonly sha256: string;
    };

interface Section {
  readonly title: string;
  readonly tables: readonly Table[];
  readonly blocks: readonly Block[];
  readonly commands: readonly string[];
  readonly missing: readonly string[];
}

export interface PictureFile {
  /** In the report's folder. */
  readonly file: string;
  readonly sha256: string;
}

/** Where the report's pictures lie, relative to the document. */
export const RESULT_PICTURES = 'images/results';

const TO_BE_MEASURED = `# Tamed Warping Network: the paper’s tables and figures, measured

Still to be measured with the weights that ship: \`npm run measure -- --only report\`, \`npm run documents\`.
`;

export interface Results {
  readonly markdown: string;
  /** The pictures that it shows. */
  readonly pictures: readonly PictureFile[];
}

/**
 * Sections of which nothing was measured, tables about models that do not ship, are left out; and so are pictures of
 * frames of data sets, which may not be passed on: those of rendered streets stay.
 */
export function results(report: Measurement | undefined): Results {
  if (report === undefined) return { markdown: TO_BE_MEASURED, pictures: [] };
  const { title, about, sections } = report as unknown as {
    readonly title: string;
    readonly about: readonly string[];
    readonly sections: readonly Section[];
  };
  const pictures: PictureFile[] = [];
  const parts = sections.filter(measured).flatMap(({ title: name, tables, blocks, commands, missing }) => [
    `## ${name}`,
    ...blocks.flatMap((block, index): string[] => {
      if (block.kind === 'text') return next(blocks, index) ? [block.text] : [];
      if (block.kind === 'table') return [tableText(tables[block.table])];
      if (block.kind === 'viewer' || !mayBePublished(block)) return [];
      pictures.push(block);
      return [`![${block.alt}](${RESULT_PICTURES}/${fileName(block.file)})`];
    }),
    ...(missing.length > 0 ? [missing.map((line) => `- Not measured: ${line}`).join('\n')] : []),
    ...(commands.length > 0 ? [`Made by ${commands.map((line) => `\`${line}\``).join(', ')}.`] : []),
  ]);
  const head = [
    `# ${title}`,
    '<!-- Made by `npm run documents` from measurements/report.json: do not edit. -->',
  ];
  return { markdown: `${[...head, ...about, ...parts].join('\n\n')}\n`, pictures };
}

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function mayBePublished(block: Block): boolean {
  return block.kind !== 'picture' || /\bstreet-\d+/.test(block.file);
}

/** Whether a text's picture, if that is what follows, is shown. */
function next(blocks: readonly Block[], index: number): boolean {
  const following = blocks[index + 1];
  return following === undefined || mayBePublished(following);
}

/** Whether some figure that is not the paper's is there. */
function measured({ tables, blocks }: Section): boolean {
  if (blocks.every(({ kind }) => kind === 'viewer')) return false;
  return (
    tables.length === 0 ||
    tables.some(({ columns, rows }) =>
      rows.some((row) =>
        row.some(
          (cell, i) => i > 0 && !columns[i].paper && /\d/.test(cell ?? '') && !isSetting(columns[i].name),
        ),
      ),
    )
  );
}

/** Columns that say what a row is about. */
function isSetting(name: string): boolean {
  return name === 'λ1' || name === 'warped';
}

function tableText({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(columns.map(({ name, paper }) => (paper ? `*${name}*` : name))),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(row.map((cell) => cell ?? '–'))),
  ].join('\n');
}
