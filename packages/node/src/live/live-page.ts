/** The page of `twnet live --serve`: each camera's picture with its labels, and how it does. */

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
  body { margin: 1rem; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)) }
  header { grid-column: 1 / -1; display: flex; gap: 1.5rem; flex-wrap: wrap; align-items: center }
  h1, h2 { margin: 0; font-size: 1.1rem } figure { margin: 0; position: relative }
  canvas { width: 100%; display: block; background: #8884 } figure canvas + canvas { position: absolute; inset: 0; height: 100% }
  dl { display: flex; flex-wrap: wrap; gap: 0 1.2rem; margin: .3rem 0 } dt { opacity: .7; float: left; margin-right: .4em }
  dd { margin: 0; font-variant-numeric: tabular-nums } ul { display: flex; flex-wrap: wrap; gap: .2rem .9rem; padding: 0; margin: 0; list-style: none }
  li::before { content: ''; display: inline-block; width: .8em; height: .8em; margin-right: .35em; background: var(--colour) }
`;

const SCRIPT = `
const FIGURES = [
  ['state', ({ state }) => state],
  ['lag', ({ stats }) => Math.round(stats.recentLag.median) + ' ms, ' + Math.round(stats.recentLag.p99) + ' at the 99th percentile'],
  ['frames a second', ({ stats }) => stats.framesPerSecond.toFixed(1)],
  ['by network', ({ stats }) => share(stats.byNetwork, stats)],
  ['by vectors', ({ stats }) => share(stats.byWarp, stats)],
  ['left out', ({ stats }) => stats.skipped],
];
const share = (count, { byNetwork, byWarp }) => (100 * count / Math.max(1, byNetwork + byWarp)).toFixed(0) + ' %';
const make = (tag, parent, text) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; parent.append(e); return e; };
const sections = new Map();
const opacity = document.querySelector('input');

function sectionOf(name) {
  if (sections.has(name)) return sections.get(name);
  const section = make('section', document.body);
  section.id = 'camera-' + name;
  make('h2', section, name);
  const figure = make('figure', section);
  const [picture, labels] = [make('canvas', figure), make('canvas', figure)];
  const list = make('dl', section);
  const values = FIGURES.map(([title]) => { const row = make('div', list); make('dt', row, title); return make('dd', row); });
  const entry = { section, picture, labels, values, frames: 0 };
  sections.set(name, entry);
  connect(name, entry);
  return entry;
}

function connect(name, entry) {
  const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/ws/' + name + location.search);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = async ({ data }) => {
    const length = new DataView(data).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
    const at = 4 + length;
    const [picture, labels] = await Promise.all([
      createImageBitmap(new Blob([new Uint8Array(data, at, header.picture)], { type: 'image/jpeg' })),
      createImageBitmap(new Blob([new Uint8Array(data, at + header.picture, header.labels)], { type: 'image/png' })),
    ]);
    draw(entry.picture, picture);
    draw(entry.labels, labels);
    entry.labels.style.opacity = opacity.value;
    entry.section.dataset.frames = ++entry.frames;
    entry.section.dataset.by = header.by;
  };
  socket.onclose = () => setTimeout(() => connect(name, entry), 1000);
}

function draw(canvas, bitmap) {
  if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  bitmap.close();
}

async function update() {
  try {
    const { cameras, classes, palette } = await (await fetch('/cameras.json' + location.search)).json();
    for (const camera of cameras) {
      const { values } = sectionOf(camera.name);
      FIGURES.forEach(([, text], i) => { values[i].textContent = text(camera); });
    }
    const legend = document.querySelector('ul');
    if (!legend.children.length) classes.forEach((name, i) => make('li', legend, name).style.setProperty('--colour', 'rgb(' + palette[i] + ')'));
  } catch {}
  setTimeout(update, 1000);
}
update();
`;

export function livePage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>twnet live</title>
<style>${STYLE}</style>
<header><h1>twnet live</h1><label>labels <input type="range" min="0" max="1" step="0.05" value="0.5"></label><ul></ul></header>
<script type="module">${SCRIPT}</script>
</html>
`;
}
