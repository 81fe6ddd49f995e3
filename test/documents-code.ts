/** Code in Markdown: spans, indented and fenced blocks. */

export interface CodeSpan {
  readonly code: string;
  /** A line of a block, which can be typed as it stands, and not words in a sentence. */
  readonly whole: boolean;
  readonly line: number;
}

export function spansOf(markdown: string): CodeSpan[] {
  const spans: CodeSpan[] = [];
  let fence: string | undefined;
  let continued = '';
  for (const [index, text] of markdown.split('\n').entries()) {
    const line = index + 1;
    const mark = /^\s*(?:```|~~~)(\w*)/.exec(text);
    if (mark) {
      fence = fence === undefined ? (mark[1] ?? '') : undefined;
      continue;
    }
    if (fence !== undefined ? fence !== 'ts' : /^ {4}\S/.test(text) || continued !== '') {
      const code =
        continued +
        text
          .trim()
          .replace(/ {2,}#.*$/, '')
          .replace(/\s+# .*$/, '');
      continued = code.endsWith('\\') ? code.slice(0, -1) : '';
      if (continued === '') spans.push({ code, whole: true, line });
    } else if (fence === undefined) {
      for (const [, code] of text.matchAll(/`([^`]+)`/g))
        spans.push({ code: code.replaceAll('\\|', '|'), whole: false, line });
    }
  }
  return spans;
}

/** The arguments of each `twnet` of a line, `a|b` as two lines; optional parts in brackets are given. */
export function wordsOf(code: string): string[][] {
  return code.split(/\s&&\s|;\s/).flatMap((part) => {
    const match =
      /^(?:npx twnet|twnet|npm run (?:--silent )?twnet --|npm run (demo)(?: --)?)(?:\s+(.*))?$/.exec(
        part.trim(),
      );
    if (!match) return [];
    const words = (match[2] ?? '')
      .replaceAll(/[[\]]/g, ' ')
      .replaceAll(/…|\.\.\./g, ' ')
      .split(/\s+(?=(?:[^']*'[^']*')*[^']*$)/)
      .filter((word) => word !== '')
      .map((word) => word.replaceAll("'", ''));
    return alternatives(match[1] ? ['demo', ...words] : words);
  });
}

function alternatives(words: readonly string[]): string[][] {
  return words.reduce<string[][]>(
    (lines, word) => lines.flatMap((line) => word.split('|').map((one) => [...line, one])),
    [[]],
  );
}

/** Fenced programs. */
export function typescriptOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
}
