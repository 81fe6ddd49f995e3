/** The page's style: light and dark, narrow and wide. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --card: #f6f8fa; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --accent: #0969da; --bad: #d1242f; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --card: #161b22; --ink: #e6edf3; --soft: #9198a1; --line: #30363d; --accent: #4493f8; --bad: #f85149; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 1.6rem; margin: 0; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 40px 0 12px; }
p { margin: 6px 0; max-width: 76ch; }
.soft { color: var(--soft); }
code { font: 0.9em ui-monospace, monospace; background: var(--card); padding: 2px 6px; border-radius: 4px; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0; }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
.figure b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.player { position: sticky; top: 0; z-index: 1; display: flex; gap: 12px; align-items: center; flex-wrap: wrap; background: var(--paper); padding: 10px 0; border-bottom: 1px solid var(--line); }
.player input { flex: 1 1 200px; accent-color: var(--accent); min-width: 120px; }
.player output { font-variant-numeric: tabular-nums; flex: 0 1 auto; }
button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 4px 14px; cursor: pointer; min-width: 84px; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 350px), 1fr)); gap: 14px; margin-top: 14px; }
.panels figure { margin: 0; }
.panels img, .panels canvas { display: block; width: 100%; height: auto; object-fit: fill; background: #000; border-radius: 6px; }
.panels .grid { image-rendering: pixelated; }
.panels figcaption { font-size: 0.9rem; margin-top: 4px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.95rem; }
th, td { text-align: right; padding: 4px 12px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child { text-align: left; }
tbody th { font-weight: normal; }
.swatch { display: inline-block; width: 14px; height: 14px; border-radius: 3px; margin-right: 8px; vertical-align: -2px; border: 1px solid var(--line); }
.stage { margin-right: 14px; white-space: nowrap; }
.bar { display: flex; height: 22px; border-radius: 4px; overflow: hidden; min-width: 240px; }
.bar span { min-width: 1px; }
svg { display: block; width: 100%; max-width: 900px; height: auto; }
`;

/** One colour a stage of the timing bars. */
export const STAGE_COLOURS = ['#8250df', '#db6d28', '#2f81f7', '#3fb950', '#7d8590'];
