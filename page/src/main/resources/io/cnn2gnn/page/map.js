// The last thousand images of a source: those that decided each other lie together.
import { byId, get, make, percent } from './kit.js';
import { chooseAll, sourceNamed } from './watch.js';
import { show } from './why.js';

const NAMESPACE = 'http://www.w3.org/2000/svg';
const SIDE = 1000;
const MARGIN = 15;
const MOST_COLOURS = 12;
const MOST_LABELS = 200;

let isDrawn = false;

/** Of a class by its place: the most frequent ones differ, all others are grey. */
export const colour = (label) => (label < MOST_COLOURS ? `hsl(${Math.round((label * 360) / MOST_COLOURS + (label % 2) * 180) % 360} 65% 50%)` : 'hsl(0 0% 55%)');
const at = (value) => MARGIN + value * (SIDE - 2 * MARGIN);

function point(one, label) {
  const circle = document.createElementNS(NAMESPACE, 'circle');
  const ink = colour(one.label);
  const of = { cx: at(one.x), cy: at(one.y), r: 7, stroke: ink, fill: one.known >= 0.5 ? ink : 'none', 'data-place': one.place };
  for (const [name, value] of Object.entries(of)) circle.setAttribute(name, value);
  const title = document.createElementNS(NAMESPACE, 'title');
  title.append(`${label}${one.known >= 0.5 ? '' : ', like no prototype and no labelled image'}`);
  circle.append(title);
  return circle;
}

const words = (classes) => classes.map((one) => `${one.label} ${one.images}`).join(', ');

function row(cluster, number, points, mayLabel) {
  const open = make('button', { type: 'button' }, 'Open');
  open.setAttribute('aria-label', `open the middle image of cluster ${number + 1}`);
  open.addEventListener('click', () => show(cluster.middle));
  const actions = make('td', {}, open);
  if (mayLabel) {
    const choose = make('button', { type: 'button' }, 'Choose');
    choose.setAttribute('aria-label', `choose the images of cluster ${number + 1} to label them`);
    choose.addEventListener('click', () => chooseAll(points.filter((one) => one.cluster === number).slice(0, MOST_LABELS).map((one) => one.place)));
    actions.append(' ', choose);
  }
  return make('tr', { className: cluster.known < 0.5 ? 'unknown' : '' },
    make('th', { scope: 'row' }, String(number + 1)), make('td', {}, String(cluster.images)), make('td', {}, words(cluster.classes)),
    make('td', {}, percent(cluster.confidence)), make('td', {}, percent(cluster.known)), actions);
}

export async function draw() {
  byId('drawn').textContent = 'drawing';
  const source = byId('mapSource').value;
  const map = await get(`api/map?${new URLSearchParams(source ? { source: sourceNamed(source) } : {})}`);
  if (map.problem) {
    byId('drawn').textContent = map.problem;
    return;
  }
  isDrawn = true;
  const unknown = map.clusters.filter((one) => one.known < 0.5).length;
  byId('drawn').textContent = `${map.images} images, ${map.clusters.length} clusters${unknown ? `, ${unknown} like no prototype and no labelled image` : ''}`;
  byId('dots').querySelectorAll('circle').forEach((one) => one.remove());
  byId('dots').append(...map.points.map((one) => point(one, map.classes[one.label].label)));
  byId('dots').setAttribute('aria-label', `Map of ${byId('drawn').textContent}; the table beside it has the clusters`);
  byId('mapClasses').replaceChildren(...map.classes.slice(0, MOST_COLOURS).map((one, i) => {
    const item = make('li', {}, make('i'), `${one.label} ${one.images}`);
    item.firstChild.style.background = colour(i);
    return item;
  }));
  if (map.classes.length > MOST_COLOURS) byId('mapClasses').append(make('li', {}, `and ${map.classes.length - MOST_COLOURS} more, in grey`));
  byId('clusters').replaceChildren(...map.clusters.map((one, i) => row(one, i, map.points, !byId('correct').hidden)));
}

/** Once: a map that moves while somebody looks at it is none. */
export const refresh = () => (isDrawn ? Promise.resolve() : draw());

byId('dots').addEventListener('click', (event) => {
  const { place } = event.target.dataset;
  if (place) show(place);
});
byId('drawAgain').addEventListener('click', draw);
byId('mapSource').addEventListener('change', draw);
