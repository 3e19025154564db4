'use strict';
// The fleet as the query API tells it. Text only ever becomes text: nothing a box says can become a part of this page.

const RefreshMs = 10000, SearchPauseMs = 300, PageSize = 100, LagMs = 600000;
const at = id => document.getElementById(id);
const state = { boxes: [], next: null, open: new Set(), details: new Map(), asked: 0, key: sessionStorage.getItem('key') };
const words = { online: ['● Online', 'good'], silent: ['◐ Silent', 'warn'], offline: ['○ Offline', 'bad'], unknown: ['? Not heard', 'warn'] };

function make(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === 'class') node.className = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

function span(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 100) return `${s} s`;
  if (s < 6000) return `${Math.round(s / 60)} min`;
  if (s < 172800) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86400)} days`;
}

const ago = time => span(Date.now() - Date.parse(time)) + ' ago';
const count = (n, one) => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`;

async function ask(path) {
  const headers = state.key ? { Authorization: `Bearer ${state.key}` } : {};
  const answer = await fetch(path, { headers, cache: 'no-store' });
  if (answer.ok) return answer.json();
  const problem = await answer.json().catch(() => ({ detail: `The bridge answered ${answer.status}.` }));
  throw Object.assign(new Error(problem.detail || problem.title), { status: answer.status });
}

function trouble(text) {
  at('trouble').textContent = text || '';
  at('trouble').hidden = !text;
}

function lock(isLocked) {
  at('key-form').hidden = !isLocked;
  at('tools').hidden = at('boxes').hidden = isLocked;
  if (isLocked) { at('more').hidden = true; at('summary').textContent = 'This page wants a key.'; }
}

function url(cursor) {
  const query = new URLSearchParams({ limit: PageSize });
  const q = at('q').value.trim().toLowerCase();
  const wanted = document.querySelector('input[name=state]:checked').value;
  if (q) query.set('q', q);
  if (wanted) query.set('state', wanted);
  if (cursor) query.set('cursor', cursor);
  return `api/v1/gateways?${query}`;
}

// As many pages as are shown; an answer that another question has overtaken is thrown away.
async function load(more) {
  const turn = ++state.asked;
  const wanted = Math.max(PageSize, more ? state.boxes.length + PageSize : state.boxes.length);
  try {
    const boxes = [];
    let cursor = null;
    do {
      const page = await ask(url(cursor));
      if (turn !== state.asked) return;
      boxes.push(...page.items);
      cursor = page.next || null;
    } while (cursor && boxes.length < wanted);
    [state.boxes, state.next] = [boxes, cursor];
    for (const id of state.open) await detail(id);
    if (turn !== state.asked) return;
    lock(false);
    trouble('');
    show();
  } catch (failure) {
    if (turn !== state.asked) return;
    if (failure.status === 401 || failure.status === 403) {
      lock(true);
      trouble(state.key ? failure.message : '');
    } else trouble(failure.status ? failure.message : 'The bridge does not answer; what stands here is old. Trying again.');
  }
}

async function detail(id) {
  const of = encodeURIComponent(id);
  const [latest, gaps, books] = await Promise.all([ask(`api/v1/latest?limit=1000&gateway=${of}`), ask(`api/v1/gaps?gateway=${of}`), ask(`api/v1/books?gateway=${of}`)]);
  state.details.set(id, { latest: latest.items, gaps: gaps.items, books: books.items[0] });
}

function show() {
  const boxes = [...state.boxes].sort((a, b) => b.attention - a.attention || (a.gateway < b.gateway ? -1 : 1));
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.gateway : null;
  at('rows').replaceChildren(...boxes.map(entry));
  if (focused) for (const name of document.querySelectorAll('.name')) if (name.dataset.gateway === focused) name.focus({ preventScroll: true });
  const ill = boxes.filter(box => box.attention).length;
  const some = state.next ? 'more than ' : '';
  at('summary').textContent = boxes.length === 0 ? 'No box fits.' : `${some}${count(boxes.length, 'box').replace(/boxs$/, 'boxes')}, ${ill === 0 ? 'none needs a look' : `${ill} to look at`}.`;
  at('more').hidden = !state.next;
}

function cell(label, ...content) {
  return make('span', { role: 'cell' }, make('span', { class: 'label', 'aria-hidden': 'true' }, label), ...content);
}

function entry(box) {
  const isOpen = state.open.has(box.gateway);
  const [word, tone] = words[box.state];
  const ok = box.sensors.filter(sensor => sensor.ok).length;
  const name = make('button', { class: 'name', type: 'button', 'aria-expanded': isOpen, 'data-gateway': box.gateway, onclick: () => toggle(box.gateway) }, box.gateway);
  const row = make('div', { class: 'box', role: 'row' },
    make('span', { role: 'cell' }, name, make('span', { class: 'where' }, [box.site, box.area].filter(text => text).join(' · ') || 'nothing known of its place')),
    cell('State', make('span', { class: tone }, word), box.state !== 'online' && box.seenAt ? make('span', { class: 'where' }, ago(box.seenAt)) : null),
    cell('Newest reading', box.newestAt ? make('span', { class: box.lagMs > LagMs ? 'warn' : '' }, ago(box.newestAt)) : 'none'),
    cell('Backlog', backlog(box.backlog)),
    cell('Sensors', box.sensors.length === 0 ? 'not said' : make('span', { class: ok === box.sensors.length ? 'good' : 'bad' }, `${ok} of ${box.sensors.length} ok`)),
    cell('Gaps', gapWord(box)),
    cell('Books', { balanced: make('span', { class: 'good' }, 'balance'), open: 'on the way', differs: make('span', { class: 'bad' }, 'DIFFER'), none: 'none yet' }[box.books]));
  const said = box.sentence && !/^Ok\.?$/.test(box.sentence) && box.state !== 'offline' ? make('p', { class: 'said' }, box.sentence) : null;
  return make('div', { class: `entry ${box.attention ? 'attention' : 'well'}` }, row, whole(said), isOpen ? whole(more(box)) : null);
}

// A row of one cell: what belongs to a box and to none of its columns.
const whole = content => content && make('div', { role: 'row' }, make('div', { role: 'cell' }, content));

function backlog(told) {
  if (!told) return 'not said';
  if (told.records === 0) return 'none';
  const left = told.etaMs === undefined ? 'standing still' : `${span(told.etaMs)} left`;
  return make('span', { class: 'warn' }, `${count(told.records, 'record')}, ${left}`);
}

function gapWord(box) {
  if (!box.missingRecords && !box.lostRecords) return 'none';
  return make('span', {}, box.missingRecords ? make('span', { class: 'bad' }, `${box.missingRecords.toLocaleString('en')} missing`) : null, box.missingRecords && box.lostRecords ? ', ' : null, box.lostRecords ? make('span', { class: 'warn' }, `${box.lostRecords.toLocaleString('en')} lost`) : null);
}

function more(box) {
  const known = state.details.get(box.gateway);
  const panel = make('section', { class: 'more', 'aria-label': `${box.gateway} in detail` });
  if (!known) { panel.append(make('p', {}, 'Asking …')); return panel; }
  const health = new Map(box.sensors.map(sensor => [sensor.sensor, sensor]));
  const names = [...new Set([...health.keys(), ...known.latest.map(stream => stream.sensor)])].sort();
  panel.append(make('h2', {}, 'Sensors'), names.length === 0 ? make('p', {}, 'Nothing has come of any sensor yet.') : make('ul', {}, ...names.map(name => sensor(name, health.get(name), known.latest.filter(stream => stream.sensor === name)))));
  if (known.gaps.length) panel.append(make('h2', {}, 'Gaps'), make('ul', {}, ...known.gaps.slice(0, 20).map(gap => make('li', {}, make('p', { class: gap.kind === 'missing' ? 'bad' : 'warn' }, `${count(gap.lastNumber - gap.firstNumber + 1, 'record')} ${gap.kind}${gap.reason ? `: ${gap.reason}` : ''}`), make('p', {}, `${gap.after ? when(gap.after) : 'the beginning'} to ${gap.before ? when(gap.before) : 'now'}`)))));
  if (known.books && known.books.differences.length) panel.append(make('h2', {}, 'The books differ'), make('ul', {}, ...known.books.differences.map(one => make('li', {}, make('p', { class: 'bad' }, one.text), make('p', {}, `spool ${one.spool}, up to record ${one.lastNumber}`)))));
  panel.append(make('h2', {}, 'The box'), make('p', {}, [box.version ? `Version ${box.version}` : null, box.seenAt ? `last heard ${ago(box.seenAt)}` : 'not heard since the bridge started', box.storedAt ? `last stored ${ago(box.storedAt)}` : 'nothing stored yet'].filter(text => text).join(', ') + '.'));
  return panel;
}

const when = time => new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

function sensor(name, health, streams) {
  const values = make('dl', { class: 'values' });
  for (const stream of streams) {
    const value = stream.latest;
    values.append(make('dt', {}, stream.quantity), make('dd', { class: value.grade === 'good' ? '' : value.grade === 'bad' ? 'bad' : 'warn' }, value.value === undefined ? 'no value' : `${value.value.toLocaleString('en', { maximumFractionDigits: 6 })} ${stream.unit === '1' ? '' : stream.unit}`), make('dd', { class: 'age' }, `${value.grade}, ${ago(value.time)}`));
  }
  return make('li', {}, make('p', {}, make('strong', {}, name), ' ', health ? make('span', { class: health.ok ? 'good' : 'bad' }, health.ok ? '● ok' : `○ ${health.state}`) : make('span', { class: 'warn' }, '? not named by the box')), streams.length ? values : make('p', {}, 'No value has come yet.'));
}

async function toggle(id) {
  if (state.open.delete(id)) { location.replace('#'); show(); return; }
  state.open.add(id);
  location.replace(`#${id}`);
  show();
  try { await detail(id); show(); } catch (failure) { trouble(failure.message); }
}

let pause = 0;
at('q').addEventListener('input', () => { clearTimeout(pause); pause = setTimeout(() => { state.boxes = []; load(); }, SearchPauseMs); });
at('search-form').addEventListener('submit', event => { event.preventDefault(); state.boxes = []; load(); });
at('states').addEventListener('change', () => { state.boxes = []; load(); });
at('more').addEventListener('click', () => load(true));
at('key-form').addEventListener('submit', event => {
  event.preventDefault();
  state.key = at('key').value.trim();
  sessionStorage.setItem('key', state.key);
  at('key').value = '';
  load();
});
document.addEventListener('visibilitychange', () => { if (!document.hidden) load(); });
if (location.hash.length > 1) state.open.add(decodeURIComponent(location.hash.slice(1)));
setInterval(() => { if (!document.hidden && at('key-form').hidden) load(); }, RefreshMs);
load();
