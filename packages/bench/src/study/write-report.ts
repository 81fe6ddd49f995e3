/** Writes a report's files. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { outputErrorFor } from '@twnet/node/files/output-error';
import type { Report } from '../report/document.js';
import { reportHtml } from '../report/report-html.js';
import { reportMarkdown } from '../report/report-markdown.js';
import type { Stamp } from '../stamp/stamp.js';
import { paperReport, type ReportContents } from './paper-report.js';

/** Folder of the Markdown's pictures. */
const PICTURES = 'images';
type FileData = string | Uint8Array;

/**
 * `report.html`, `report.md` with its pictures, and `report.json`, the report as data.
 *
 * @returns the files, relative to `folder`
 * @throws OutputError
 */
export async function writeReport(folder: string, contents: ReportContents): Promise<string[]> {
  const report = await paperReport(contents);
  const { markdown, files } = reportMarkdown(report, PICTURES);
  const all = new Map<string, FileData>([
    ...files,
    ['report.md', markdown],
    ['report.json', `${JSON.stringify(reportData(contents.stamp, report, files), null, 2)}\n`],
    ['report.html', reportHtml(report)],
  ]);
  for (const [path, data] of all) {
    const place = join(folder, path);
    try {
      await mkdir(dirname(place), { recursive: true });
    } catch (error) {
      throw outputErrorFor(place, error);
    }
    await writeFileAtomic(place, data);
  }
  return [...all.keys()];
}

/** The report without what its charts and pictures show: those are files, known by their digests. */
function reportData(stamp: Stamp, { title, about, sections }: Report, files: ReadonlyMap<string, FileData>) {
  return {
    stamp,
    title,
    about,
    sections: sections.map(({ id, title: name, blocks, commands, missing }) => {
      const tables = blocks.filter((block) => block.kind === 'table');
      return {
        id,
        title: name,
        tables,
        blocks: blocks.map((block) => {
          if (block.kind === 'text') return block;
          if (block.kind === 'viewer')
            return { kind: block.kind, clips: block.recordings.map(({ name }) => name) };
          if (block.kind === 'table') return { kind: block.kind, table: tables.indexOf(block) };
          const { kind, alt } = block;
          const file = `${PICTURES}/${block.name}.${block.kind === 'chart' ? 'svg' : block.format}`;
          return { kind, file, alt, sha256: createHash('sha256').update(files.get(file)!).digest('hex') };
        }),
        commands,
        missing,
      };
    }),
  };
}
