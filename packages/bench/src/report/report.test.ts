import type { Recording } from '@twnet/core/segment/recording';
import { describe, expect, it } from 'vitest';
import type { Report } from './document.js';
import { reportHtml } from './report-html.js';
import { reportMarkdown } from './report-markdown.js';

const RECORDING: Recording = {
  ...{ name: 'clip', width: 8, height: 6, framesPerSecond: 10, classes: ['road'], palette: [[1, 2, 3]] },
  ways: ['with </script> motion'],
  frames: [{ type: 'I', kind: 'key', distance: 0, picture: 'data:a', labels: ['b'] }],
};
const REPORT: Report = {
  title: 'A <report>',
  about: ['Made by `twnet report`, **twice**.'],
  sections: [
    {
      id: 'table-1',
      title: 'Table 1',
      blocks: [
        {
          kind: 'table',
          columns: [{ name: 'row' }, { name: 'paper', paper: true }, { name: 'ours' }],
          rows: [
            ['a | b', '67.3', '72.0'],
            ['c', '69.6', undefined],
          ],
        },
        { kind: 'chart', name: 'curve', svg: '<svg viewBox="0 0 1 1"></svg>', alt: 'a curve' },
        { kind: 'picture', name: 'strip', bytes: new Uint8Array([1, 2, 3]), format: 'png', alt: 'a strip' },
      ],
      commands: ['twnet benchmark clip'],
      missing: ['c: no <model> is given'],
    },
    {
      ...{ id: 'clips', title: 'The clips', commands: [], missing: [] },
      blocks: [{ kind: 'viewer', about: 'Press play.', recordings: [RECORDING] }],
    },
  ],
};

describe('a report as Markdown', () => {
  const { markdown, files } = reportMarkdown(REPORT);

  it('sets the paper’s columns apart, escapes bars and marks what was not measured', () => {
    const table = [
      '| row | *paper* | ours |',
      '| --- | --- | --- |',
      '| a \\| b | 67.3 | 72.0 |',
      '| c | 69.6 | – |',
    ];
    expect(markdown).toContain(table.join('\n'));
    expect(markdown).toContain('- Not measured: c: no <model> is given');
    expect(markdown).toContain('Made by `twnet benchmark clip`.');
  });

  it('says where clips can be played', () => {
    expect(markdown.trimEnd().endsWith("## The clips\n\nThe report's page plays them: clip.")).toBe(true);
  });

  it('has charts and pictures as files beside it', () => {
    expect([...files.keys()]).toEqual(['images/curve.svg', 'images/strip.png']);
    for (const path of files.keys()) expect(markdown).toContain(`](${path})`);
  });
});

describe('a report as HTML', () => {
  const html = reportHtml(REPORT);

  it('stands alone: charts and pictures inside, nothing fetched', () => {
    expect(html).toContain('<svg viewBox');
    expect(html).toContain(`data:image/png;base64,${Buffer.from([1, 2, 3]).toString('base64')}`);
    expect(html).not.toMatch(/(src|href)="(?!data:|#)/);
  });

  it('escapes text, and keeps code and strong words', () => {
    expect(html).toContain('<title>A &lt;report&gt;</title>');
    expect(html).toContain('<code>twnet report</code>, <b>twice</b>');
    expect(html).toContain('no &lt;model&gt; is given');
  });

  it('marks the paper’s cells and what was not measured', () => {
    expect(html).toContain('<td class="paper">69.6</td><td>–</td>');
    expect(html).toContain('<a href="#table-1">Table 1</a>');
  });

  it('holds the clips and what plays them', () => {
    const [, json] = /<script type="application\/json" class="recording">(.*?)<\/script>/.exec(html)!;
    expect(JSON.parse(json)).toEqual(RECORDING);
    expect(html).toContain('<p>Press play.</p><div id="viewer"></div>');
    expect(html.match(/<script>/g)).toHaveLength(1);
    // Without clips there is nothing to play.
    expect(reportHtml({ ...REPORT, sections: [] })).not.toContain('<script');
  });
});
