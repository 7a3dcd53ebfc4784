// How right answers were, and how far images were from what the models know, over time.
import { byId, get, make, share, when } from './kit.js';
import { chart } from './chart.js';

let last = '';

const distance = (value) => value.toFixed(value < 0.1 ? 3 : 2);

function list(marks) {
  return marks.map((mark) => make('li', {}, make('strong', { className: mark.isAlarm ? 'drifted' : '' }, mark.isAlarm ? 'alarm' : 'another model'), ` ${when(new Date(mark.at).toISOString())} `,
    mark.isAlarm ? `${mark.model}: ${mark.message}` : `${mark.model} answers, in ${mark.instances === 1 ? '1 instance' : `${mark.instances} instances`}`));
}

export async function refresh() {
  const view = await get(`api/time?hours=${byId('hours').value}`);
  const width = Math.max(280, byId('accuracy').clientWidth);
  const text = `${width} ${JSON.stringify({ ...view, from: view.from.slice(0, 16), to: view.to.slice(0, 16) })}`;
  if (text === last) return;
  last = text;
  const span = { from: Date.parse(view.from), to: Date.parse(view.to) };
  const marks = [...view.changes, ...view.alarms.map((alarm) => ({ ...alarm, isAlarm: true }))].sort((a, b) => a.at - b.at);
  chart(byId('accuracy'), 'right answers', view.accuracy.lines, marks, span, share, width);
  chart(byId('distance'), 'distance', view.distance.lines, marks, span, distance, width);
  byId('marks').replaceChildren(...(marks.length ? list(marks) : [make('li', { className: 'none' }, 'neither another model nor an alarm in this time')]));
}

byId('hours').addEventListener('change', refresh);
