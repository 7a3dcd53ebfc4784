// Labels of images, and who gives them.
import { byId, rawLabel, say, send, setting } from './kit.js';

const taught = [];

/** The images that this browser has labelled, by place. */
export const mine = new Map();

/** Hears of places that were labelled, and of the class; null where labels were taken back. */
export const onTaught = (listener) => taught.push(listener);

function written(places, name, shown) {
  for (const place of places) {
    if (name === null) mine.delete(place);
    else mine.set(place, name);
  }
  for (const listener of taught) listener(places, name === null ? null : shown);
}

/**
 * Takes labels back where the name is null. Many images are sent in pieces, and what went wrong is
 * said once; returns whether nothing did, but for images that are gone.
 */
export async function label(places, name) {
  let gone = 0;
  let problems = [];
  for (let from = 0; from < places.length && !problems.length; from += setting.mostLabels) {
    const said = { at: places.slice(from, from + setting.mostLabels), by: byId('by').value.trim() };
    const { ok, told } = await send('api/labels', 'label', name === null ? said : { ...said, label: name });
    if (ok) written(told.at, name, told.label);
    gone += told.gone ?? 0;
    // Where one piece fails the next one would as well.
    problems = told.problems ?? (ok ? [] : [told.problem ?? 'no label was written']);
  }
  for (const problem of problems) say(problem, true);
  if (gone) say(`${gone} of ${places.length} are no longer among the last images`, true);
  return !problems.length;
}

const OUTCOMES = {
  taught: (who, is, of) => `${who} ${is} ${of.label}: the next similar images hear of it`,
  taken_back: (who) => `${who}: the label is taken back`,
  not_found: (who, is, of) => `${who}: not found: ${of.message}`,
  refused: (who, is, of) => `${who}: the label was refused: ${of.message}`,
};

/** Says what became of labels, whoever gave them; of several images with one fate in one line. */
export function tell(outcomes) {
  const alike = new Map();
  for (const outcome of outcomes) {
    const key = JSON.stringify([outcome.result, outcome.label, outcome.result === 'taught' ? '' : outcome.message]);
    alike.set(key, [...(alike.get(key) ?? []), outcome]);
  }
  for (const of of alike.values()) {
    const [one] = of;
    const who = of.length === 1 ? one.image : `${of.length} images`;
    const what = OUTCOMES[one.result]?.(who, of.length === 1 ? 'is' : 'are', one);
    if (what) say(what, one.result === 'refused' || one.result === 'not_found');
  }
}

/** A class that somebody has typed or picked: the one that is shown so, or a new one. */
export const named = (text) => {
  const known = setting.classes.find((one) => one.label === text);
  return known ? rawLabel(known) : text;
};

byId('by').value = localStorage.getItem('by') ?? '';
byId('by').addEventListener('change', () => localStorage.setItem('by', byId('by').value.trim()));
