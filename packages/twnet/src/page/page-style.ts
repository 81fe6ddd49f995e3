/** What pages have beside their viewer, in its colours: text, cards, tables, charts. */
export const PAGE_STYLE = `
main { max-width: 1240px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 1.6rem; margin: 0; line-height: 1.25; letter-spacing: -0.02em; }
h2 { font-size: 1.15rem; margin: 40px 0 12px; }
main > p, section > p { margin: 6px 0; max-width: 76ch; }
.soft { font-size: 1em; }
code { font: 0.9em ui-monospace, monospace; background: var(--raised); padding: 2px 6px; border-radius: 4px; overflow-wrap: anywhere; }
#viewer .workspace { padding: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0; }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 12px 14px; }
.figure b { display: block; font-size: 1.6rem; line-height: 1.2; }
.figure .soft { font-size: 0.9rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 350px), 1fr)); gap: 14px; margin-top: 14px; }
.pictures figure { margin: 0; }
.pictures img { display: block; width: 100%; height: auto; object-fit: fill; background: #000; border-radius: 10px; }
.pictures figcaption { font-size: 0.9rem; margin-top: 4px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.95rem; }
th, td { text-align: right; padding: 4px 12px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child { text-align: left; }
tbody th { font-weight: normal; }
.swatch { display: inline-block; width: 14px; height: 14px; border-radius: 4px; margin-right: 8px; vertical-align: -2px; border: 1px solid var(--line); }
.step { margin-right: 14px; white-space: nowrap; }
main > .bar { height: 20px; }
main > .bar i { min-width: 1px; }
main > svg, section > svg { display: block; width: 100%; max-width: 900px; height: auto; }
`;

/** One colour a stage of the timing bars. */
export const STAGE_COLOURS = ['#8250df', '#db6d28', '#2f81f7', '#3fb950', '#7d8590'];
