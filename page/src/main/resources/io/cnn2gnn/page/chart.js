// A figure over time as SVG, with what it says in words and as a table.
import { make, svg, when } from './kit.js';

const HEIGHT = 220;
const LEFT = 60;
const RIGHT = 12;
const TOP = 18;
const BOTTOM = 26;
const MOST_ROWS = 60;
const COLOURS = 6;

/** Round numbers that span the values: two at least, or nothing would have a height. */
function ticks(low, high, count) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const found = [];
  for (let at = Math.floor(low / step) * step; at <= high + step * 0.999; at += step) found.push(Number(at.toPrecision(12)));
  if (found.length < 2 && low > 0) found.unshift(Number((low - step).toPrecision(12)));
  else if (found.length < 2) found.push(found[0] + step);
  return found;
}

const clock = (at) => new Date(at).toISOString().slice(11, 16);

/**
 * Draws a chart into an element: lines by model, changes of the model as dashed lines and alarms as triangles, both
 * with the numbers that they have in the list below. The table stays the element that it was, so
 * that who reads it keeps focus and place.
 */
export function chart(into, name, lines, marks, { from, to }, format, width) {
  const points = lines.flatMap((line) => line.points);
  if (!points.length) {
    into.replaceChildren(make('p', { className: 'none' }, 'nothing was told in this time'));
    return;
  }
  const values = [...points.map((p) => p.value), ...lines.filter((line) => line.usual !== undefined).map((line) => line.usual)];
  const levels = ticks(Math.min(...values), Math.max(...values), 4);
  const low = levels[0];
  const high = levels[levels.length - 1];
  // The middle of the last part of time may be still to come.
  const x = (at) => LEFT + ((Math.min(to, Math.max(from, at)) - from) / (to - from)) * (width - LEFT - RIGHT);
  const y = (value) => TOP + (1 - (value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const first = points.reduce((a, b) => (b.at < a.at ? b : a));
  const last = points.reduce((a, b) => (b.at > a.at ? b : a));
  const drawing = svg('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', class: 'chart',
    'aria-label': `${name}: from ${format(first.value)} at ${clock(first.at)} to ${format(last.value)} at ${clock(last.at)}; the table below has all of it` });
  for (const level of levels) {
    drawing.append(
      svg('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y(level), y2: y(level) }),
      svg('text', { x: LEFT - 6, y: y(level) + 4, 'text-anchor': 'end' }, format(level)),
    );
  }
  const times = Math.max(2, Math.min(6, Math.floor(width / 120)));
  for (let i = 0; i <= times; i++) {
    const at = from + ((to - from) * i) / times;
    const anchor = i === 0 ? 'start' : i === times ? 'end' : 'middle';
    drawing.append(svg('text', { x: x(at), y: HEIGHT - 8, 'text-anchor': anchor }, clock(at)));
  }
  marks.forEach((mark, i) => {
    const at = x(mark.at);
    drawing.append(
      mark.isAlarm
        ? svg('path', { class: 'alarm', d: `M${at - 5},${TOP + 9} L${at + 5},${TOP + 9} L${at},${TOP} Z` })
        : svg('line', { class: 'change', x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM }),
      svg('text', { x: at, y: TOP - 5, 'text-anchor': 'middle' }, String(i + 1)),
    );
  });
  lines.forEach((line, i) => {
    const colour = `c${i % COLOURS}`;
    if (line.usual !== undefined) drawing.append(svg('line', { class: `usual ${colour}`, x1: LEFT, x2: width - RIGHT, y1: y(line.usual), y2: y(line.usual) }));
    drawing.append(svg('polyline', { class: `series ${colour}`, points: line.points.map((p) => `${x(p.at).toFixed(1)},${y(p.value).toFixed(1)}`).join(' ') }));
    for (const p of line.points) drawing.append(svg('circle', { class: colour, cx: x(p.at).toFixed(1), cy: y(p.value).toFixed(1), r: 2.5 }));
  });
  const legend = make('ul', { className: 'legend' }, ...lines.map((line, i) => make('li', { className: `c${i % COLOURS}` },
    line.usual === undefined ? line.model : `${line.model}; dashed: ${format(line.usual)}, what it is compared with`)));
  const table = into.querySelector('details') ?? empty(name);
  table.querySelector('tbody').replaceChildren(...rows(lines, format));
  for (const old of [...into.children]) if (old !== table) old.remove();
  if (table.parentNode !== into) into.append(table);
  table.before(drawing, legend);
}

function rows(lines, format) {
  return lines
    .flatMap((line) => line.points.map((p) => ({ ...p, model: line.model })))
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_ROWS)
    .map((p) => make('tr', {},
      make('th', { scope: 'row' }, when(new Date(p.at).toISOString())), make('td', {}, p.model), make('td', {}, format(p.value)), make('td', {}, String(p.count))));
}

function empty(name) {
  const head = make('tr', {}, ...['time (UTC)', 'model', name, 'answers'].map((text) => make('th', { scope: 'col' }, text)));
  const scrolling = make('div', { className: 'scrolls', role: 'region', tabIndex: 0 }, make('table', { className: 'figures' }, make('thead', {}, head), make('tbody')));
  scrolling.setAttribute('aria-label', `${name} as a table`);
  return make('details', {}, make('summary', {}, 'the same as a table'), scrolling);
}
