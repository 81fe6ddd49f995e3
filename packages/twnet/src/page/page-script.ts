/** What the page does: shows the chosen frame, draws its vectors and errors, plays. Plain JavaScript for browsers. */
export const PAGE_SCRIPT = `
const data = JSON.parse(document.getElementById('frames').textContent);
const slider = document.getElementById('frame');
const said = document.getElementById('said');
const play = document.getElementById('play');
const panel = (name) => document.getElementById(name);
const loaded = new Map();
let turn = 0;
function picture(uri) {
  if (!loaded.has(uri)) {
    const image = new Image();
    image.src = uri;
    loaded.set(uri, image.decode().then(() => image));
    if (loaded.size > 80) loaded.delete(loaded.keys().next().value);
  }
  return loaded.get(uri);
}
function pixels(image) {
  const canvas = document.createElement('canvas');
  canvas.width = data.width;
  canvas.height = data.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, data.width, data.height);
}
async function drawErrors(name, labels, truth) {
  const [found, exact] = (await Promise.all([picture(labels), picture(truth)])).map(pixels);
  const out = new ImageData(data.width, data.height);
  for (let i = 0; i < found.data.length; i += 4) {
    const same = found.data[i] === exact.data[i] && found.data[i + 1] === exact.data[i + 1] && found.data[i + 2] === exact.data[i + 2];
    for (let k = 0; k < 3; k++) out.data[i + k] = same ? exact.data[i + k] >> 2 : [255, 70, 60][k];
    out.data[i + 3] = 255;
  }
  panel(name).getContext('2d').putImageData(out, 0, 0);
}
function drawVectors(image, vectors) {
  const context = panel('vectors').getContext('2d');
  context.globalAlpha = 0.55;
  context.fillStyle = '#000';
  context.fillRect(0, 0, data.width, data.height);
  context.drawImage(image, 0, 0);
  context.globalAlpha = 1;
  if (!vectors) return;
  context.strokeStyle = '#ffd33d';
  context.lineWidth = Math.max(1, data.width / 480);
  context.beginPath();
  const { columns, stride, dx, dy } = vectors;
  for (let i = 0; i < dx.length; i++) {
    const x = ((i % columns) + 0.5) * stride;
    const y = (Math.floor(i / columns) + 0.5) * stride;
    context.moveTo(x - dx[i] / 4, y - dy[i] / 4);
    context.lineTo(x, y);
    context.rect(x - 0.5, y - 0.5, 1, 1);
  }
  context.stroke();
}
async function show(index) {
  const mine = ++turn;
  const frame = data.frames[index];
  const image = await picture(frame.image);
  if (mine !== turn) return;
  slider.value = index;
  const place = frame.kind === 'key' ? 'key frame' : frame.distance + (frame.distance === 1 ? ' frame' : ' frames') + ' after the key frame';
  said.textContent = 'frame ' + (index + 1) + ' of ' + data.frames.length + ' · ' + frame.type + ' · ' + place;
  for (const name of ['image', 'truth', 'perFrame', 'twnet', 'residual', 'attention']) {
    const element = panel(name);
    element.style.visibility = frame[name] ? 'visible' : 'hidden';
    if (frame[name]) element.src = frame[name];
  }
  drawVectors(image, frame.vectors);
  await Promise.all([drawErrors('errorsPerFrame', frame.perFrame, frame.truth), drawErrors('errorsTwnet', frame.twnet, frame.truth)]);
}
let timer;
function stop() {
  clearInterval(timer);
  timer = undefined;
  play.textContent = 'Play';
}
play.addEventListener('click', () => {
  if (timer) return stop();
  play.textContent = 'Pause';
  timer = setInterval(() => show((Number(slider.value) + 1) % data.frames.length), 1000 / data.framesPerSecond);
});
slider.addEventListener('input', () => { stop(); show(Number(slider.value)); });
document.addEventListener('keydown', ({ key, target }) => {
  if (target === slider || (key !== 'ArrowLeft' && key !== 'ArrowRight')) return;
  stop();
  const next = Number(slider.value) + (key === 'ArrowRight' ? 1 : -1);
  if (next >= 0 && next < data.frames.length) show(next);
});
show(Number(slider.value));
`;
