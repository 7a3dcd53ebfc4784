// Releases: how they stand, and what an operator decides. Nothing is done before it was read what it does.
import { byId, get, make, say, send, setting, share, tellOnce, when } from './kit.js';

const WORDS = { promote: 'Promote', rollback: 'Roll back', retire: 'Retire' };
const MOST_TOLD = 3;
let last = '';

const figure = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 4 : 1));

function figures(summary, metrics) {
  const rows = Object.entries(metrics).map(([name, value]) => make('tr', {}, make('th', { scope: 'row' }, name), make('td', {}, figure(value))));
  return make('details', {}, make('summary', {}, summary), make('table', { className: 'figures' }, make('tbody', {}, ...rows)));
}

function told(release) {
  const lines = [];
  const active = release.told.filter((one) => one.kind === 'activated');
  if (active.length) lines.push(make('li', {}, `taken into service by ${active.length === 1 ? '1 instance' : `${active.length} instances`}, last ${when(active[0].at)}`));
  else if (release.active) lines.push(make('li', {}, 'no instance has told that it took it into service'));
  for (const kind of ['failed', 'drifted', 'shadowed']) {
    for (const one of release.told.filter((t) => t.kind === kind).slice(0, MOST_TOLD)) {
      const line = make('li', {}, make('strong', { className: kind }, kind), ` ${when(one.at)} ${one.message}`);
      line.title = `instance ${one.instance}`;
      if (kind === 'shadowed') line.append(figures('measured in the shadow', one.metrics));
      lines.push(line);
    }
  }
  return lines;
}

function ask(release, offer) {
  const dialog = byId('order');
  byId('orderHead').textContent = `${WORDS[offer.action]}: ${release.release}`;
  byId('will').textContent = offer.will;
  byId('reason').value = offer.reason;
  byId('doIt').textContent = WORDS[offer.action];
  dialog.returnValue = '';
  dialog.addEventListener('close', async () => {
    if (dialog.returnValue !== 'do') return;
    const { ok, told: done } = await send('api/releases', 'release', {
      action: offer.action,
      name: release.name,
      version: release.version,
      record: release.record,
      will: offer.will,
      reason: byId('reason').value,
      by: byId('by').value.trim(),
    });
    if (ok) done.written.forEach((one) => say(`${one.release}: ${one.state}`));
    else say(done.problem ?? 'nothing was written', true);
    await refresh().catch(() => {}); // it was said already that the page is away
  }, { once: true });
  dialog.showModal();
}

function button(release, offer) {
  const one = make('button', { type: 'button' }, WORDS[offer.action]);
  one.setAttribute('aria-label', `${WORDS[offer.action]} ${release.release}`);
  one.addEventListener('click', () => ask(release, offer));
  return one;
}

function row(release) {
  const head = make('h3', { tabIndex: -1 }, make('span', { className: `badge ${release.state}` }, release.state), ' ', release.release);
  const accuracy = release.accuracy === undefined ? '' : `, ${share(release.accuracy)} of held-out images right`;
  const item = make('li', {}, head, make('p', {}, `since ${when(release.since)}${accuracy}`));
  if (release.reason) item.append(make('p', { className: 'hint' }, release.reason));
  item.append(make('ul', { className: 'told' }, ...told(release)));
  if (setting.may.includes('release') && release.offers.length) item.append(make('p', { className: 'offers' }, ...release.offers.map((offer) => button(release, offer))));
  item.append(figures('training and gate', release.metrics), make('p', { className: 'hint' }, `embedding space ${release.space}, bundle ${release.bundle}, ${(release.bytes / 1e6).toFixed(1)} MB`));
  item.dataset.release = release.release;
  return item;
}

const keyOf = (node) => node.closest('li[data-release]').dataset.release;
const summaryOf = (details) => `${keyOf(details)} ${details.firstChild.textContent}`;

/** Draws them anew: what is open stays open, and the focus stays with its release. */
function redraw(list, releases) {
  const open = new Set([...list.querySelectorAll('details[open]')].map(summaryOf));
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const held = focused && { release: keyOf(focused), words: focused.getAttribute('aria-label') ?? focused.textContent };
  list.replaceChildren(...releases.map(row));
  for (const details of list.querySelectorAll('details')) details.open = open.has(summaryOf(details));
  if (!held) return;
  const item = [...list.children].find((one) => one.dataset.release === held.release);
  const same = [...(item?.querySelectorAll('button, summary') ?? [])].find((one) => (one.getAttribute('aria-label') ?? one.textContent) === held.words);
  (same ?? item?.querySelector('h3'))?.focus();
}

/** Draws them where anything has changed. */
export async function refresh() {
  const answer = await get('api/releases');
  tellOnce('releasesProblem', answer.problem ?? '');
  if (answer.problem) return;
  const text = JSON.stringify(answer);
  if (text === last) return;
  last = text;
  const list = byId('releases');
  if (!answer.releases.length) list.replaceChildren(make('li', { className: 'none' }, 'Nothing was released yet: instances answer with the bundle that they were started with. ./cnn2gnn release publish BUNDLE --as active makes it the first release.'));
  else redraw(list, answer.releases);
}

// Enter does not decide: after a reason was typed, a click does.
byId('reason').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  byId('doIt').focus();
});

export function news(events) {
  const list = byId('news');
  for (const event of events.slice().reverse()) {
    if (list.querySelector(`[data-number="${event.number}"]`)) continue;
    list.querySelector('.none')?.remove();
    const item = make('li', {}, make('strong', { className: event.kind }, event.kind), ` ${event.model}`, make('br'));
    item.append(`${when(event.at)} ${event.message}`);
    item.dataset.number = event.number;
    list.prepend(item);
  }
  while (list.children.length > 20) list.lastChild.remove();
}
