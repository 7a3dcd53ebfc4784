// The last answers as they come, the filters over them, and what was refused.
import { byId, get, make, percent, picture, rawLabel, rawSource, setting } from './kit.js';
import { label, mine, named, onTaught } from './teach.js';
import { show } from './why.js';

const MOST_CARDS = 60;
const MOST_SOURCES = 500;

const shown = new Map(); // by place, the newest last
const chosen = new Set();
const sources = new Map(); // what they really are, by how they are shown
let paused = false;

export const isPaused = () => paused;

/** What a source really is that is shown so. */
export const sourceNamed = (shown) => sources.get(shown) ?? shown;
const source = () => sourceNamed(byId('source').value);

function fits(card) {
  return (
    (!byId('source').value || rawSource(card) === source()) &&
    (!byId('class').value || rawLabel(card) === byId('class').value) &&
    card.confidence <= Number(byId('below').value) &&
    (!byId('changed').checked || card.alone)
  );
}

function element(card) {
  const button = make('button', { type: 'button', className: 'card' });
  button.append(
    picture(card.place, true, ''),
    make('strong', {}, card.label),
    make('span', {}, `${percent(card.confidence)}${card.decidedBy ? `, ${card.decidedBy}` : ''}`),
    make('span', {}, card.source || card.image),
  );
  if (mine.has(card.place)) button.classList.add('taught');
  if (card.alone) button.append(make('span', { className: 'changed' }, `alone: ${card.alone}`));
  button.setAttribute('aria-label', `${card.label}, ${percent(card.confidence)}, ${card.image}`);
  button.addEventListener('click', () => show(card.place));
  const item = make('li', {}, button);
  if (card.place && setting.may.includes('label')) {
    const tick = make('input', { type: 'checkbox', checked: chosen.has(card.place) });
    tick.setAttribute('aria-label', `choose ${card.image}`);
    tick.addEventListener('change', () => choose(card.place, tick.checked));
    item.append(tick);
  }
  item.dataset.place = card.place;
  return item;
}

export function add(cards) {
  for (const card of cards.slice().reverse()) {
    if (!fits(card)) continue;
    const key = card.place || card.number;
    shown.get(key)?.remove();
    const item = element(card);
    shown.delete(key);
    shown.set(key, item);
    byId('cards').prepend(item);
  }
  for (const [key, item] of shown) {
    if (shown.size <= MOST_CARDS) break;
    if (chosen.has(key) || item.contains(document.activeElement)) continue;
    item.remove();
    shown.delete(key);
  }
}

/** Takes classes in that were not known. */
export function classes(names) {
  const known = new Set(setting.classes.map(rawLabel));
  const fresh = new Map(names.filter((one) => !known.has(rawLabel(one))).map((one) => [rawLabel(one), one]));
  if (!fresh.size) return;
  setting.classes = [...setting.classes, ...fresh.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
  const was = byId('class').value;
  const option = (one) => make('option', { value: rawLabel(one) }, one.label);
  byId('class').replaceChildren(make('option', { value: '' }, 'all'), ...setting.classes.map(option));
  byId('class').value = was;
  byId('classes').replaceChildren(...setting.classes.map((one) => make('option', { value: one.label })));
}

/** Learns from answers which classes and sources there are. */
export function learn(cards) {
  classes(cards.map(({ label, rawLabel: raw }) => ({ label, rawLabel: raw })));
  for (const card of cards) {
    if (card.source && !sources.has(card.source) && sources.size < MOST_SOURCES) {
      sources.set(card.source, rawSource(card));
      byId('sources').append(make('option', { value: card.source }));
    }
  }
}

export function refuse(letters) {
  const list = byId('refused');
  for (const letter of letters.slice().reverse()) {
    if (list.querySelector(`[data-number="${letter.number}"]`)) continue;
    list.querySelector('.none')?.remove();
    const item = make('li', {}, make('strong', {}, letter.reason), ' ', letter.image || letter.place);
    item.dataset.number = letter.number;
    if (letter.source) item.append(` of ${letter.source}`);
    item.append(make('br'), letter.message);
    list.prepend(item);
  }
  while (list.children.length > 50) list.lastChild.remove();
}

/** What came before, and while the page was away. */
export async function catchUp() {
  if (!paused || !shown.size) await refill();
  refuse(await get('api/refused'));
}

async function refill() {
  const query = new URLSearchParams();
  if (byId('source').value) query.set('source', source());
  if (byId('class').value) query.set('label', byId('class').value);
  if (Number(byId('below').value) < 1) query.set('below', byId('below').value);
  if (byId('changed').checked) query.set('changed', '1');
  const cards = await get(`api/answers?${query}`);
  for (const item of shown.values()) item.remove();
  shown.clear();
  // What is not shown is not labelled.
  for (const place of [...chosen]) choose(place, false);
  learn(cards);
  add(cards.slice(0, MOST_CARDS));
}

function choose(place, isChosen) {
  if (isChosen) chosen.add(place);
  else chosen.delete(place);
  byId('label').hidden = chosen.size === 0;
  byId('chosen').textContent = chosen.size === 1 ? '1 image' : `${chosen.size} images`;
}

function unchoose(places) {
  for (const place of places) {
    const tick = shown.get(place)?.querySelector('input');
    if (tick) tick.checked = false;
    choose(place, false);
  }
}

/** Chooses images to label them together, whether they are among the cards or not. */
export function chooseAll(places) {
  for (const place of places) {
    const tick = shown.get(place)?.querySelector('input');
    if (tick) tick.checked = true;
    choose(place, true);
  }
  byId('chosenClass').focus();
}

onTaught((places, name) => {
  if (name !== null) unchoose(places);
  for (const place of places) shown.get(place)?.querySelector('.card').classList.toggle('taught', name !== null);
  if (name !== null) classes([name]);
});
byId('below').addEventListener('input', () => {
  byId('belowText').textContent = percent(Number(byId('below').value));
});
for (const id of ['source', 'class', 'below', 'changed']) byId(id).addEventListener('change', refill);
byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  byId('pause').textContent = paused ? 'Go on' : 'Pause';
  if (!paused) refill();
});
byId('label').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (await label([...chosen], named(byId('chosenClass').value.trim()))) byId('clear').click();
});
byId('clear').addEventListener('click', () => unchoose([...chosen]));
