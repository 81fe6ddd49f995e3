/** The frame of every page that twnet writes: one file, which asks nobody for anything. */
import type { Recording } from '@twnet/core/segment/recording';
import { escaped } from './escaped.js';
import { PAGE_STYLE } from './page-style.js';
import { viewerFiles } from './viewer.js';

export interface PageHtml {
  readonly title: string;
  /** HTML; where there are recordings it has an element `viewer`, in which they are shown. */
  readonly body: string;
  /** Beside what all pages have. */
  readonly style?: string;
  readonly recordings?: readonly Recording[];
}

export function pageHtml({ title, body, style = '', recordings = [] }: PageHtml): string {
  const viewer = viewerFiles();
  const data = recordings.map(
    (recording) => `<script type="application/json" class="recording">${asJson(recording)}</script>\n`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${viewer.style}${PAGE_STYLE}${style}</style>
</head>
<body>
<main>
${body}
</main>
${data.join('')}${data.length > 0 ? `<script>${viewer.script}</script>\n` : ''}</body>
</html>
`;
}

/** JSON that cannot end the script element it stands in. */
const asJson = (recording: Recording): string => JSON.stringify(recording).replaceAll('<', '\\u003c');
