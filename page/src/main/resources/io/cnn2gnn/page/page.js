// Ids, labels and messages are somebody else's text: they become text nodes, never markup.
const MOST_CARDS = 60;
const SECONDS = 60;
const byId = (id) => document.getElementById(id);
const make = (tag, of = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), of);
  node.append(...children);
  return node;
};
const percent = (value) => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`;
const millis = (value) => (value < 10_000 ? `${Math.round(value)} ms` : `${Math.round(value / 1000)} s`);

const shown = new Map(); // by place, the newest last
const chosen = new Set();
const rates = [];
let setting = { classes: [], mayLabel: false, asksForToken: false, side: 32, columns: 32 };
let paused = false;
let open = null;
let token = sessionStorage.getItem('token') ?? '';
const mine = new Map(); // what this browser has said, by place

const noPicture = () => make('div', { className: 'missing' }, 'no picture');

function picture(place, small, alt) {
  if (!place) return noPicture();
  const image = make('img', {
    src: `picture?at=${encodeURIComponent(place)}${small ? '&small=1' : ''}`,
    alt,
    loading: 'lazy',
    decoding: 'async',
  });
  image.addEventListener('error', () => image.replaceWith(noPicture()));
  return image;
}

function fits(card) {
  return (
    (!byId('source').value || card.source === byId('source').value) &&
    (!byId('class').value || card.label === byId('class').value) &&
    card.confidence <= Number(byId('below').value) &&
    (!byId('changed').checked || card.alone)
  );
}

function element(card) {
  const label = make('strong', {}, card.label);
  const button = make('button', { type: 'button', className: 'card' });
  button.append(
    picture(card.place, true, ''),
    label,
    make('span', {}, `${percent(card.confidence)}${card.decidedBy ? `, ${card.decidedBy}` : ''}`),
    make('span', {}, card.source || card.image),
  );
  if (mine.has(card.place)) button.classList.add('taught');
  if (card.alone) button.append(make('span', { className: 'changed' }, `alone: ${card.alone}`));
  button.setAttribute('aria-label', `${card.label}, ${percent(card.confidence)}, ${card.image}`);
  button.addEventListener('click', () => show(card.place));
  const item = make('li', {}, button);
  if (card.place && setting.mayLabel) {
    const tick = make('input', { type: 'checkbox', checked: chosen.has(card.place) });
    tick.setAttribute('aria-label', `choose ${card.image}`);
    tick.addEventListener('change', () => choose(card.place, tick.checked));
    item.append(tick);
  }
  item.dataset.place = card.place;
  return item;
}

function add(cards) {
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

function classes(names) {
  const fresh = names.filter((name) => !setting.classes.includes(name));
  if (!fresh.length) return;
  setting.classes = [...setting.classes, ...new Set(fresh)].sort();
  const was = byId('class').value;
  byId('class').replaceChildren(make('option', { value: '' }, 'all'), ...setting.classes.map((c) => make('option', { value: c }, c)));
  byId('class').value = was;
  byId('classes').replaceChildren(...setting.classes.map((c) => make('option', { value: c })));
}

function sources(cards) {
  classes(cards.map((card) => card.label));
  const known = new Set([...byId('sources').children].map((o) => o.value));
  for (const { source } of cards) {
    if (source && !known.has(source) && known.size < 500) {
      known.add(source);
      byId('sources').append(make('option', { value: source }));
    }
  }
}

function refuse(letters) {
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

function model(events) {
  const list = byId('models');
  for (const event of events.slice().reverse()) {
    if (list.querySelector(`[data-number="${event.number}"]`)) continue;
    list.querySelector('.none')?.remove();
    const item = make('li', {}, make('strong', { className: event.kind }, event.kind), ` ${event.model}`, make('br'));
    item.append(`${event.at.slice(0, 19).replace('T', ' ')} ${event.message}`);
    item.dataset.number = event.number;
    list.prepend(item);
  }
  while (list.children.length > 20) list.lastChild.remove();
}

function draw(tally) {
  byId('rate').textContent = tally.perSecond.toFixed(tally.perSecond < 10 ? 1 : 0);
  byId('median').textContent = tally.medianMillis ? millis(tally.medianMillis) : '-';
  byId('p99').textContent = tally.p99Millis ? millis(tally.p99Millis) : '-';
  byId('refusedShare').textContent = percent(tally.refusedShare);
  const now = Date.now();
  if (!rates.length || now - rates[rates.length - 1].at >= 1000) {
    rates.push({ at: now, value: tally.perSecond });
    while (now - rates[0].at > SECONDS * 1000) rates.shift();
    const most = Math.max(1, ...rates.map((r) => r.value));
    byId('points').setAttribute(
      'points',
      rates.map((r) => `${(240 - ((now - r.at) / 1000) * (240 / SECONDS)).toFixed(1)},${(38 - (36 * r.value) / most).toFixed(1)}`).join(' '),
    );
  }
}

function say(text, isProblem) {
  const line = make('p', { className: isProblem ? 'problem' : '' }, text);
  byId('said').append(line);
  while (byId('said').children.length > 4) byId('said').firstChild.remove();
  setTimeout(() => line.remove(), 8000);
}

function tell(outcomes) {
  for (const outcome of outcomes) {
    const what = {
      taught: `${outcome.image} is ${outcome.label}: the next similar images hear of it`,
      taken_back: `${outcome.image}: the label is taken back`,
      not_found: `${outcome.image} was not found: ${outcome.message}`,
      refused: `${outcome.image}: the label was refused: ${outcome.message}`,
    }[outcome.result];
    if (what) say(what, outcome.result === 'refused' || outcome.result === 'not_found');
  }
}

function state(text, isAway) {
  byId('state').textContent = text;
  byId('state').classList.toggle('away', isAway);
}

function listen() {
  const events = new EventSource('events');
  events.addEventListener('message', (event) => {
    const tick = JSON.parse(event.data);
    state(tick.away ? `nothing new can come: ${tick.away}` : paused ? 'paused' : 'live', Boolean(tick.away));
    draw(tick.tally);
    tell(tick.told);
    sources(tick.answers);
    refuse(tick.refused);
    model(tick.models);
    if (!paused) add(tick.answers);
  });
  // What came before, and while the page was away.
  events.addEventListener('open', async () => {
    if (!paused || !shown.size) await refill();
    refuse(await (await fetch('api/refused')).json());
    model(await (await fetch('api/models')).json());
  });
  events.addEventListener('error', () => {
    state('the page is away; it comes back by itself', true);
    // A browser gives up where it was answered with anything but a stream.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

async function refill() {
  const query = new URLSearchParams();
  if (byId('source').value) query.set('source', byId('source').value);
  if (byId('class').value) query.set('label', byId('class').value);
  if (Number(byId('below').value) < 1) query.set('below', byId('below').value);
  if (byId('changed').checked) query.set('changed', '1');
  const cards = await (await fetch(`api/answers?${query}`)).json();
  for (const item of shown.values()) item.remove();
  shown.clear();
  // What is not shown is not labelled.
  for (const place of [...chosen]) choose(place, false);
  sources(cards);
  add(cards.slice(0, MOST_CARDS));
}

async function settings() {
  const told = await (await fetch('api/setting')).json();
  setting = { ...told, classes: [] };
  classes(told.classes);
  byId('correct').hidden = !setting.mayLabel;
}

function choose(place, isChosen) {
  if (isChosen) chosen.add(place);
  else chosen.delete(place);
  byId('label').hidden = chosen.size === 0;
  byId('chosen').textContent = chosen.size === 1 ? '1 image' : `${chosen.size} images`;
}

function askToken() {
  return new Promise((resolve) => {
    const dialog = byId('askToken');
    dialog.addEventListener('close', () => resolve(byId('token').value), { once: true });
    dialog.showModal();
  });
}

/** Returns whether the labels were written. */
async function label(places, name) {
  if (setting.asksForToken && !token) token = await askToken();
  const reply = await fetch('api/labels', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(name === null ? { at: places } : { at: places, label: name }),
  });
  const told = await reply.json().catch(() => ({ problem: `it failed (${reply.status})` }));
  if (reply.status === 401) token = '';
  if (reply.ok && token) sessionStorage.setItem('token', token);
  for (const problem of told.problems ?? []) say(problem, true);
  if (!reply.ok) {
    say(told.problem ?? 'no label was written', true);
    return false;
  }
  for (const place of told.at) {
    if (name === null) mine.delete(place);
    else mine.set(place, name);
    shown.get(place)?.querySelector('.card').classList.toggle('taught', name !== null);
  }
  if (name !== null) classes([name]);
  return true;
}

function bar(evidence, most) {
  const inner = make('i', { className: evidence < 0 ? 'against' : '' });
  const width = (50 * Math.abs(evidence)) / most;
  inner.style.width = `${width}%`;
  inner.style.left = evidence < 0 ? `${50 - width}%` : '50%';
  return make('div', { className: 'bar' }, inner);
}

function edge(neighbour, most) {
  const of = neighbour.evidence ?? neighbour.weight;
  let image;
  if (neighbour.prototype !== null && neighbour.prototype !== undefined) {
    const side = 2 * setting.side;
    image = make('div', { className: 'sprite', role: 'img' });
    image.setAttribute('aria-label', `prototype of ${neighbour.label}`);
    image.style.backgroundImage = 'url(prototypes)';
    image.style.backgroundSize = `${setting.columns * side}px auto`;
    const column = neighbour.prototype % setting.columns;
    const row = Math.floor(neighbour.prototype / setting.columns);
    image.style.backgroundPosition = `-${column * side}px -${row * side}px`;
    image.style.width = `${side}px`;
    image.style.height = `${side}px`;
  } else {
    image = picture(neighbour.place, true, '');
  }
  if (neighbour.place) {
    image = make('button', { type: 'button', className: 'look' }, image);
    image.setAttribute('aria-label', `open the neighbour ${neighbour.image}`);
    image.addEventListener('click', () => show(neighbour.place));
  }
  const item = make('li', { className: 'edge' }, image, make('strong', {}, neighbour.label ?? 'not labelled'), bar(of, most));
  const words = [neighbour.tier];
  if (neighbour.evidence !== undefined && neighbour.evidence !== null) words.push(`${neighbour.evidence >= 0 ? '+' : ''}${neighbour.evidence.toFixed(2)}`);
  if (neighbour.reliability !== undefined && neighbour.reliability !== null) words.push(`reliable ${percent(neighbour.reliability)}`);
  item.append(words.join(', '), make('br'), neighbour.image);
  return item;
}

async function show(place) {
  const reply = await fetch(`api/answer?at=${encodeURIComponent(place)}`);
  const detail = await reply.json();
  if (!reply.ok) {
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
      // A name with characters that do not print is shown with escapes, which are not its name.
      const button = make('button', { type: 'button', disabled: /\\u[0-9a-f]{4}/.test(s.label) }, s.label);
      button.addEventListener('click', () => label([place], s.label));
      return button;
    }),
  );
  byId('other').value = '';
  const most = Math.max(1e-6, ...detail.neighbours.map((n) => Math.abs(n.evidence ?? n.weight)));
  byId('neighbours').replaceChildren(...detail.neighbours.map((n) => edge(n, most)));
  byId('about').textContent = `${card.source ? `source ${card.source}, ` : ''}model ${detail.model}, batch of ${detail.batch}, taken ${detail.capturedAt}, answered ${detail.predictedAt}, record ${place}`;
  open = place;
  if (!byId('detail').open) byId('detail').showModal();
}

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
byId('correct').addEventListener('submit', async (event) => {
  event.preventDefault();
  const name = byId('other').value.trim();
  if (name && open) await label([open], name);
});
byId('undo').addEventListener('click', () => open && label([open], null));
byId('label').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (await label([...chosen], byId('chosenClass').value.trim())) byId('clear').click();
});
byId('clear').addEventListener('click', () => {
  for (const place of [...chosen]) {
    const tick = shown.get(place)?.querySelector('input');
    if (tick) tick.checked = false;
    choose(place, false);
  }
});

const start = () => settings().then(listen, () => {
  state('the page is away; it comes back by itself', true);
  setTimeout(start, 2000);
});
start();
