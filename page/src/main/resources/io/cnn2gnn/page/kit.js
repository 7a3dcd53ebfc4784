// What every part of the page uses. Ids, labels and messages are somebody else's text: they become
// text nodes, never markup.
export const byId = (id) => document.getElementById(id);
export const make = (tag, of = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), of);
  node.append(...children);
  return node;
};
export const svg = (tag, of = {}, ...children) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(of)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
export const percent = (value) => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`;
/** The same where tenths matter. */
export const share = (value) => `${(100 * value).toFixed(1)} %`;
export const millis = (value) => (value < 10_000 ? `${Math.round(value)} ms` : `${Math.round(value / 1000)} s`);

export const when = (instant) => instant.slice(0, 19).replace('T', ' ');

/** What the server says of itself; filled in at the start. */
export const setting = { classes: [], may: [], mayNot: {}, tokens: [], namesUsers: false, mostLabels: 1, side: 32, columns: 32 };

/** A name that hides characters is shown with escapes; what it really is comes beside. */
export const rawLabel = (one) => one.rawLabel ?? one.label;
export const rawSource = (card) => card.rawSource ?? card.source;

const noPicture = () => make('div', { className: 'missing' }, 'no picture');

export function picture(place, small, alt) {
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

export function say(text, isProblem) {
  const line = make('p', { className: isProblem ? 'problem' : '' }, text);
  byId('said').append(line);
  while (byId('said').children.length > 4) byId('said').firstChild.remove();
  setTimeout(() => line.remove(), 8000);
}

/** Sets a text that is read out when it is set: only where it is another one. */
export function tellOnce(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

export const get = async (path) => (await fetch(path)).json();

/** Resolves with nothing where somebody closes the dialog instead. */
function askToken(right) {
  return new Promise((resolve) => {
    const dialog = byId('askToken');
    byId('tokenHead').textContent = `A token is needed to ${right}`;
    byId('token').value = '';
    dialog.returnValue = '';
    dialog.addEventListener('close', () => {
      const token = dialog.returnValue === 'ok' ? byId('token').value : '';
      byId('token').value = '';
      resolve(token);
    }, { once: true });
    dialog.showModal();
  });
}

const failed = (problem) => ({ ok: false, told: { problem } });

/** Writes something, for which a right may be needed. It does not fail, but tells the problem. */
export async function send(path, right, body) {
  const kept = `token-${right}`;
  let token = sessionStorage.getItem(kept) ?? '';
  if (setting.tokens.includes(right) && !token) {
    token = await askToken(right);
    if (!token) return failed('nothing was sent: no token was given');
  }
  let reply;
  try {
    reply = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
  } catch {
    return failed('the page is away: it may not have been written');
  }
  if (reply.status === 401) sessionStorage.removeItem(kept);
  else if (token) sessionStorage.setItem(kept, token);
  return { ok: reply.ok, told: await reply.json().catch(() => ({ problem: `it failed (${reply.status})` })) };
}
