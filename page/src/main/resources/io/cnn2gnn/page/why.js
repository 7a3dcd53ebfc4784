// One image: what it might be, what decided it, and what it really is.
import { byId, get, make, percent, picture, rawLabel, say, setting } from './kit.js';
import { label, named } from './teach.js';

let open = null;

const KINDS = { labelled: 'labelled images', prototype: 'prototypes', recent: 'earlier images', bank: 'earlier images', batch: 'images of the same batch' };
/** Labelled images have weights among themselves, and all others have. */
const weight = (one) => `${percent(one.weight)} of the weight of ${one.tier === 'labelled' ? 'labelled images' : 'the others'}`;
const signed = (evidence) => `${evidence >= 0.005 ? '+' : ''}${evidence.toFixed(2)}`.replace('-0.00', '0.00');

function bar(evidence, most) {
  const inner = make('i', { className: evidence < 0 ? 'against' : '' });
  const width = (50 * Math.abs(evidence)) / most;
  inner.style.width = `${width}%`;
  inner.style.left = evidence < 0 ? `${50 - width}%` : '50%';
  return make('div', { className: 'bar' }, inner);
}

function prototype(neighbour) {
  const side = 2 * setting.side;
  const image = make('div', { className: 'sprite', role: 'img' });
  image.setAttribute('aria-label', `prototype of ${neighbour.label}`);
  image.style.backgroundImage = 'url(prototypes)';
  image.style.backgroundSize = `${setting.columns * side}px auto`;
  const column = neighbour.prototype % setting.columns;
  const row = Math.floor(neighbour.prototype / setting.columns);
  image.style.backgroundPosition = `-${column * side}px -${row * side}px`;
  image.style.width = `${side}px`;
  image.style.height = `${side}px`;
  return image;
}

function look(neighbour) {
  if (neighbour.prototype !== undefined) return prototype(neighbour);
  const image = picture(neighbour.place, true, '');
  if (!neighbour.place) return image;
  const button = make('button', { type: 'button', className: 'look' }, image);
  button.setAttribute('aria-label', `open the neighbour ${neighbour.image}`);
  button.addEventListener('click', () => show(neighbour.place));
  return button;
}

function edge(neighbour, most) {
  const of = neighbour.evidence ?? neighbour.weight;
  const words = [neighbour.tier];
  if (neighbour.evidence !== undefined) words.push(signed(neighbour.evidence));
  if (neighbour.reliability !== undefined) words.push(`reliable ${percent(neighbour.reliability)}`);
  return make('li', { className: 'edge' }, look(neighbour), make('strong', {}, neighbour.label ?? 'not labelled'), bar(of, most),
    words.join(', '), make('br'), neighbour.image);
}

function tier(one, answered) {
  const without = one.without ? `${one.without.label}, ${percent(one.without.score)}` : 'not told';
  const changes = one.without && rawLabel(one.without) !== answered;
  return make('tr', {},
    make('th', { scope: 'row' }, KINDS[one.tier] ?? one.tier),
    make('td', {}, String(one.neighbours)),
    make('td', {}, one.evidence === undefined ? weight(one) : signed(one.evidence)),
    make('td', { className: changes ? 'changed' : '' }, without));
}

export async function show(place) {
  const detail = await get(`api/answer?at=${encodeURIComponent(place)}`);
  if (detail.problem) {
    say(detail.problem, true);
    return;
  }
  const { card } = detail;
  byId('detailHead').textContent = card.image;
  byId('picture').replaceChildren(picture(place, false, `the image ${card.image}`));
  byId('answer').textContent = `${card.label}, ${percent(card.confidence)}${card.decidedBy ? `, decided by a ${card.decidedBy}` : ''}`;
  byId('alone').textContent = detail.alone
    ? `Without its neighbours: ${detail.alone.label}, ${percent(detail.alone.score)}`
    : '';
  byId('scores').replaceChildren(
    ...detail.scores.map((s) => {
      const meter = make('meter', { value: s.score, min: 0, max: 1 });
      meter.setAttribute('aria-label', s.label);
      return make('tr', {}, make('td', {}, s.label), make('td', {}, meter), make('td', {}, percent(s.score)));
    }),
  );
  byId('choices').replaceChildren(
    ...detail.scores.map((s) => {
      const button = make('button', { type: 'button' }, s.label);
      button.addEventListener('click', () => label([place], rawLabel(s)));
      return button;
    }),
  );
  byId('other').value = '';
  byId('tiers').replaceChildren(...detail.tiers.map((one) => tier(one, rawLabel(card))));
  const most = Math.max(1e-6, ...detail.neighbours.map((n) => Math.abs(n.evidence ?? n.weight)));
  byId('neighbours').replaceChildren(...detail.neighbours.map((n) => edge(n, most)));
  byId('about').textContent = `${card.source ? `source ${card.source}, ` : ''}model ${detail.model}, batch of ${detail.batch}, taken ${detail.capturedAt}, answered ${detail.predictedAt}, record ${place}`;
  open = place;
  if (!byId('detail').open) byId('detail').showModal();
}

byId('correct').addEventListener('submit', async (event) => {
  event.preventDefault();
  const name = byId('other').value.trim();
  if (name && open) await label([open], named(name));
});
byId('undo').addEventListener('click', () => open && label([open], null));
