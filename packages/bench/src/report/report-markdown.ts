/** A report as Markdown, its charts and pictures as files beside it. */
import { type Block, NOT_MEASURED, type Report, type Section, type TableBlock } from './document.js';

export interface MarkdownReport {
  readonly markdown: string;
  /** File contents by path, relative to the Markdown file. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** @param pictures folder of the pictures, relative to the Markdown file */
export function reportMarkdown({ title, about, sections }: Report, pictures = 'images'): MarkdownReport {
  const files = new Map<string, string | Uint8Array>();
  const parts = [
    `# ${title}`,
    ...about,
    ...sections.flatMap((section) => sectionParts(section, pictures, files)),
  ];
  return { markdown: `${parts.join('\n\n')}\n`, files };
}

function sectionParts(
  { title, blocks, commands, missing }: Section,
  pictures: string,
  files: Map<string, string | Uint8Array>,
): string[] {
  const made = commands.map((command) => `\`${command}\``);
  return [
    `## ${title}`,
    ...blocks.map((block) => blockMarkdown(block, pictures, files)),
    ...(missing.length > 0 ? [missing.map((line) => `- Not measured: ${line}`).join('\n')] : []),
    ...(made.length > 0 ? [`Made by ${made.join(', ')}.`] : []),
  ];
}

function blockMarkdown(block: Block, pictures: string, files: Map<string, string | Uint8Array>): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'viewer':
      return `The report's page plays them: ${block.recordings.map(({ name }) => name).join(', ')}.`;
    case 'table':
      return tableMarkdown(block);
    case 'chart':
      files.set(`${pictures}/${block.name}.svg`, block.svg);
      return `![${block.alt}](${pictures}/${block.name}.svg)`;
    case 'picture': {
      const path = `${pictures}/${block.name}.${block.format}`;
      files.set(path, block.bytes);
      return `![${block.alt}](${path})`;
    }
  }
}

function tableMarkdown({ columns, rows }: TableBlock): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(columns.map(({ name, paper }) => (paper ? `*${name}*` : name))),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(row.map((cell) => cell ?? NOT_MEASURED))),
  ].join('\n');
}
