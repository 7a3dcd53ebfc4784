// Labels of images, and who gives them.
import { byId, rawLabel, say, send, setting } from './kit.js';

const taught = [];

/** The images that this browser has labelled, by place. */
export const mine = new Map();

/** Hears of places that were labelled, and of the class; null where labels were taken back. */
export const onTaught = (listener) => taught.push(listener);

/** Takes labels back where the name is null; returns whether anything was written. */
export async function label(places, name) {
  const said = { at: places, by: byId('by').value.trim() };
  const { ok, told } = await send('api/labels', 'label', name === null ? said : { ...said, label: name });
  for (const problem of told.problems ?? []) say(problem, true);
  if (!ok) {
    say(told.problem ?? 'no label was written', true);
    return false;
  }
  for (const place of told.at) {
    if (name === null) mine.delete(place);
    else mine.set(place, name);
  }
  for (const listener of taught) listener(told.at, name === null ? null : told.label);
  return true;
}

/** Says what became of labels, whoever gave them. */
export function tell(outcomes) {
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

/** A class that somebody has typed or picked: the one that is shown so, or a new one. */
export const named = (text) => {
  const known = setting.classes.find((one) => one.label === text);
  return known ? rawLabel(known) : text;
};

byId('by').value = localStorage.getItem('by') ?? '';
byId('by').addEventListener('change', () => localStorage.setItem('by', byId('by').value.trim()));
