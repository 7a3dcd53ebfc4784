// Which instance answers which partitions, and how far each is behind.
import { byId, get, make, tellOnce, when } from './kit.js';

let last = '';

const STATES = {
  Stable: 'all of them are at work',
  PreparingRebalance: 'partitions are being handed over',
  CompletingRebalance: 'partitions are being handed over',
  Empty: 'no instance is at work: images wait',
  Dead: 'no instance is at work, and none ever was: is --application-id right?',
};
const short = (id) => (id.length > 20 ? `${id.slice(0, 8)}...${id.slice(-4)}` : id);

function instance(one) {
  const name = make('th', { scope: 'row' }, short(one.id));
  name.title = one.id;
  return make('tr', {}, name, make('td', {}, one.host), make('td', {}, String(one.threads)), make('td', {}, one.parts.join(', ') || 'none'));
}

function part(one, answer) {
  return make('tr', {},
    make('th', { scope: 'row' }, String(one.partition)),
    make('td', {}, one.instance === undefined ? 'nobody' : short(one.instance)),
    make('td', {}, String(one.notTaken)),
    make('td', {}, answer ? answer.model : '-'),
    make('td', {}, answer ? when(answer.at) : '-'));
}

export async function refresh() {
  const told = await get('api/instances');
  const text = JSON.stringify(told);
  if (text === last) return;
  last = text;
  tellOnce('group', told.problem ?? `${told.group.instances.length === 1 ? '1 instance' : `${told.group.instances.length} instances`}: ${STATES[told.group.state] ?? told.group.state}.`);
  byId('group').classList.toggle('away', Boolean(told.problem));
  byId('instanceRows').replaceChildren(...(told.group?.instances ?? []).map(instance));
  byId('partRows').replaceChildren(...(told.group?.parts ?? []).map((one) => part(one, told.last[one.partition])));
}
