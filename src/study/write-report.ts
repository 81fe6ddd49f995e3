/** Writes a report's files. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { outputErrorFor, writeFileAtomic } from '../files/index.js';
import { reportHtml, reportMarkdown } from '../report/index.js';
import { paperReport, type ReportContents } from './paper-report.js';

/**
 * `report.html`, `report.md` with its pictures, and `report.json`, the report as data.
 *
 * @returns the files, relative to `folder`
 * @throws OutputError
 */
export async function writeReport(folder: string, contents: ReportContents): Promise<string[]> {
  const report = await paperReport(contents);
  const { markdown, files } = reportMarkdown(report);
  const all = new Map<string, string | Uint8Array>([
    ...files,
    ['report.md', markdown],
    ['report.json', `${JSON.stringify(figures(report), null, 2)}\n`],
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

/** The tables, without charts and pictures. */
function figures({ title, about, sections }: Awaited<ReturnType<typeof paperReport>>) {
  return {
    title,
    about,
    sections: sections.map(({ id, title: name, blocks, commands, missing }) => ({
      id,
      title: name,
      tables: blocks.filter(({ kind }) => kind === 'table'),
      commands,
      missing,
    })),
  };
}
