/** A report as one page that needs nothing but a browser. */

import { escaped } from '../../../twnet/src/page/escaped.js';
import { pageHtml } from '../../../twnet/src/page/page-html.js';
import { type Block, NOT_MEASURED, type Report, type Section, type TableBlock } from './document.js';

const REPORT_STYLE = `
nav ol { columns: 2 320px; padding-left: 0; list-style: none; }
nav a { color: var(--accent); text-decoration: none; }
.paper { color: var(--soft); font-style: italic; }
.wide { max-width: 100%; height: auto; border-radius: 6px; }
thead th { white-space: normal; vertical-align: bottom; max-width: 14ch; }
table { margin: 10px 0; }
.missing { border-left: 3px solid var(--bad); padding-left: 12px; }
`;

export function reportHtml({ title, about, sections }: Report): string {
  const recordings = sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'viewer' ? block.recordings : [])),
  );
  const body = `<h1>${escaped(title)}</h1>
${about.map(paragraph).join('\n')}
<nav aria-label="Contents"><ol>${sections.map(({ id, title: name }) => `<li><a href="#${escaped(id)}">${escaped(name)}</a></li>`).join('')}</ol></nav>
${sections.map(sectionHtml).join('\n')}`;
  return pageHtml({ title, body, style: REPORT_STYLE, recordings });
}

function sectionHtml({ id, title, blocks, commands, missing }: Section): string {
  const made = commands.map((command) => `<code>${escaped(command)}</code>`).join(', ');
  return `<section id="${escaped(id)}">
<h2>${escaped(title)}</h2>
${blocks.map(blockHtml).join('\n')}
${missing.map((line) => `<p class="missing">Not measured: ${inline(line)}</p>`).join('\n')}
${made === '' ? '' : `<p class="soft">Made by ${made}</p>`}
</section>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return paragraph(block.text);
    case 'table':
      return tableHtml(block);
    case 'chart':
      return block.svg;
    case 'viewer':
      return `${paragraph(block.about)}<div id="viewer"></div>`;
    case 'picture': {
      const data = Buffer.from(block.bytes).toString('base64');
      return `<p style="max-width:none"><img class="wide" alt="${escaped(block.alt)}" src="data:image/${block.format};base64,${data}"></p>`;
    }
  }
}

function tableHtml({ columns, rows }: TableBlock): string {
  const mark = (column: number): string => (columns[column].paper ? ' class="paper"' : '');
  const head = columns.map(({ name }, i) => `<th scope="col"${mark(i)}>${inline(name)}</th>`);
  const body = rows.map((row) => {
    const [name, ...cells] = row.map((cell) => inline(cell ?? NOT_MEASURED));
    return `<tr><th scope="row">${name}</th>${cells.map((cell, i) => `<td${mark(i + 1)}>${cell}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function paragraph(text: string): string {
  return `<p>${inline(text)}</p>`;
}

/** Text with the marks that reports use: `code` and **strong**. */
function inline(text: string): string {
  return escaped(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>');
}
