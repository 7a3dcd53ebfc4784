// Starts the page and hears what is new.
import { byId, get, millis, percent, setting, tellOnce } from './kit.js';
import { refresh as instances } from './instances.js';
import { refresh as map } from './map.js';
import { news, refresh as releases } from './releases.js';
import { tell } from './teach.js';
import { refresh as time } from './time.js';
import { add, catchUp, classes, isPaused, learn, refuse } from './watch.js';

const SECONDS = 60;
const VIEWS = {
  answers: { every: 60_000, refresh: async () => {} },
  map: { every: 60_000, refresh: map },
  time: { every: 5_000, refresh: time },
  models: { every: 2_000, refresh: releases },
  service: { every: 2_000, refresh: instances },
};
const rates = [];
let again;

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

function state(text, isAway) {
  tellOnce('state', text);
  byId('state').classList.toggle('away', isAway);
}

function listen() {
  const events = new EventSource('events');
  events.addEventListener('message', (event) => {
    const tick = JSON.parse(event.data);
    state(tick.away ? `nothing new can come: ${tick.away}` : isPaused() ? 'paused' : 'live', Boolean(tick.away));
    draw(tick.tally);
    tell(tick.told);
    learn(tick.answers);
    refuse(tick.refused);
    news(tick.models);
    if (!isPaused()) add(tick.answers);
  });
  events.addEventListener('open', async () => {
    await catchUp();
    news(await get('api/models'));
  });
  events.addEventListener('error', () => {
    state('the page is away; it comes back by itself', true);
    // A browser gives up where it was answered with anything but a stream.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

async function settings() {
  const told = await get('api/setting');
  Object.assign(setting, told, { classes: [] });
  classes(told.classes);
  byId('correct').hidden = !setting.may.includes('label');
  byId('mayNot').textContent = setting.mayNot.release ?? '';
  byId('mayNot').hidden = !setting.mayNot.release;
  byId('me').hidden = !setting.may.length || setting.namesUsers;
}

/** What is looked at is asked for again and again; what is not is not. */
function view() {
  const name = VIEWS[location.hash.slice(1)] ? location.hash.slice(1) : 'answers';
  for (const one of Object.keys(VIEWS)) byId(one).hidden = one !== name;
  for (const link of byId('views').querySelectorAll('a')) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  return VIEWS[name];
}

async function follow() {
  const seen = view();
  await seen.refresh().catch(() => {}); // the stream of events says that the page is away
  clearTimeout(again);
  again = setTimeout(follow, seen.every);
}

const start = () => settings().then(() => {
  listen();
  follow();
  addEventListener('hashchange', follow);
}, () => {
  state('the page is away; it comes back by itself', true);
  setTimeout(start, 2000);
});
start();
