// The last thousand images of a source: those that decided each other lie together.
import { byId, get, make, percent, say, svg } from './kit.js';
import { mine } from './teach.js';
import { chooseAll, sourceNamed } from './watch.js';
import { show } from './why.js';

const SIDE = 1000;
const MARGIN = 15;
const MOST_COLOURS = 12;
const MOST_TRIES = 20;

let isDrawn = false;
let draws = 0;

/** Of a class by its place: the most frequent ones differ, all others are grey. */
const colour = (label) => (label < MOST_COLOURS ? `hsl(${Math.round((label * 360) / MOST_COLOURS + (label % 2) * 180) % 360} 65% 50%)` : 'hsl(0 0% 55%)');
const at = (value) => MARGIN + value * (SIDE - 2 * MARGIN);

function point(one, label) {
  const ink = colour(one.label);
  const title = svg('title', {}, `${label}${one.known >= 0.5 ? '' : ', like no prototype and no labelled image'}`);
  return svg('circle', { cx: at(one.x), cy: at(one.y), r: 7, stroke: ink, fill: one.known >= 0.5 ? ink : 'none', 'data-place': one.place }, title);
}

const words = (classes) => classes.map((one) => `${one.label} ${one.images}`).join(', ');

function action(word, says, click) {
  const button = make('button', { type: 'button' }, word);
  button.setAttribute('aria-label', says);
  button.addEventListener('click', click);
  return button;
}

/** What the dots are to a mouse. */
function list(name, points, classes) {
  const head = make('h3', { tabIndex: -1 }, `Images of ${name}`);
  byId('members').replaceChildren(head, make('ul', {}, ...points.map((one, i) => {
    const label = classes[one.label].label;
    return make('li', {}, action(`${i + 1}: ${label}`, `open image ${i + 1} of ${name}: ${label}`, () => show(one.place)));
  })));
  head.focus();
}

const listing = (name, points, classes) => action('List', `list the images of ${name}`, () => list(name, points, classes));

function choosing(name, points) {
  return action('Choose', `choose the images of ${name} to label them`, () => {
    const places = points.map((one) => one.place).filter((place) => !mine.has(place));
    if (places.length) chooseAll(places);
    else say(`you have labelled all images of ${name}`);
  });
}

function row(cluster, number, map, mayLabel) {
  const name = `cluster ${number + 1}`;
  const points = map.points.filter((one) => one.cluster === number);
  const actions = make('td', {}, action('Open', `open the middle image of ${name}`, () => show(cluster.middle)));
  if (mayLabel) actions.append(' ', choosing(name, points));
  actions.append(' ', listing(name, points, map.classes));
  return make('tr', { className: cluster.known < 0.5 ? 'unknown' : '' },
    make('th', { scope: 'row' }, String(number + 1)), make('td', {}, String(cluster.images)), make('td', {}, words(cluster.classes)),
    make('td', {}, percent(cluster.confidence)), make('td', {}, percent(cluster.known)), actions);
}

function outside(map) {
  const points = map.points.filter((one) => one.cluster < 0);
  if (!points.length) return [];
  return [make('tr', {}, make('th', { scope: 'row' }, 'none'), make('td', {}, String(points.length)), make('td', {}, '-'), make('td', {}, '-'), make('td', {}, '-'),
    make('td', {}, listing('no cluster', points, map.classes)))];
}

const soon = () => new Promise((resolve) => { setTimeout(resolve, 500); });

/** Draws what is chosen now; a map that was asked for before and comes later is dropped. */
async function draw() {
  draws += 1;
  const number = draws;
  byId('drawn').textContent = 'drawing';
  const source = byId('mapSource').value;
  const path = `api/map?${new URLSearchParams(source ? { source: sourceNamed(source) } : {})}`;
  const ask = () => get(path).catch(() => ({ problem: 'the page is away' }));
  let map = await ask();
  // Another map may be under way, for this browser's last choice as well.
  for (let tries = 1; map.problem && tries < MOST_TRIES && number === draws; tries++) {
    await soon();
    map = await ask();
  }
  if (number !== draws) return;
  isDrawn = !map.problem;
  if (map.problem) {
    byId('drawn').textContent = map.problem;
    return;
  }
  const unknown = map.clusters.filter((one) => one.known < 0.5).length;
  byId('drawn').textContent = `${map.images} images, ${map.clusters.length === 1 ? '1 cluster' : `${map.clusters.length} clusters`}${unknown ? `, ${unknown} like no prototype and no labelled image` : ''}`;
  byId('dots').querySelectorAll('circle').forEach((one) => one.remove());
  byId('dots').append(...map.points.map((one) => point(one, map.classes[one.label].label)));
  byId('dots').setAttribute('aria-label', `Map of ${byId('drawn').textContent}; the table beside it has the clusters`);
  byId('mapClasses').replaceChildren(...map.classes.slice(0, MOST_COLOURS).map((one, i) => {
    const item = make('li', {}, make('i'), `${one.label} ${one.images}`);
    item.firstChild.style.background = colour(i);
    return item;
  }));
  if (map.classes.length > MOST_COLOURS) byId('mapClasses').append(make('li', {}, `and ${map.classes.length - MOST_COLOURS} more, in grey`));
  byId('clusters').replaceChildren(...map.clusters.map((one, i) => row(one, i, map, !byId('correct').hidden)), ...outside(map));
  byId('members').replaceChildren();
}

/** Once: a map that moves while somebody looks at it is none. */
export const refresh = () => (isDrawn ? Promise.resolve() : draw());

byId('dots').addEventListener('click', (event) => {
  const { place } = event.target.dataset;
  if (place) show(place);
});
byId('drawAgain').addEventListener('click', draw);
byId('mapSource').addEventListener('change', draw);
