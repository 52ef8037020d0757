// The page asks five questions, sends the answers to the API and shows the
// plan. Data reaches the page as text nodes only.

const form = document.getElementById('form');
const alertBox = document.getElementById('alert');
const planBox = document.getElementById('plan');
const button = form.querySelector('button[type=submit]');
const metresPerMile = 1609.344;

// el makes an element. Children are elements or text; nothing else gets in.
function el(name, attributes = {}, ...children) {
  const svg = ['svg', 'g', 'rect', 'title'].includes(name);
  const node = svg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

// --- words and numbers ---

const weekKinds = { build: 'Build', cut_back: 'Cut-back', taper: 'Taper', race: 'Race week' };
const stepKinds = { warm_up: 'Warm-up', work: 'Run', recovery: 'Jog', cool_down: 'Cool-down', strides: 'Stride' };
const paceNames = {
  recovery: 'Recovery', easy: 'Easy', long: 'Long run', marathon: 'Marathon', tempo: 'Tempo', interval: 'Interval', repetition: 'Strides',
};

// units writes distances and paces in kilometres or miles.
function units(unit) {
  const metres = unit === 'mi' ? metresPerMile : 1000;
  const clock = (secondsPerKm) => {
    const whole = Math.round(secondsPerKm * metres / 1000);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  };
  const range = ({ fast_s_per_km: fast, slow_s_per_km: slow }) => {
    const [from, to] = [clock(fast), clock(slow)];
    return from === to ? from : `${from}–${to}`;
  };
  return {
    unit,
    far: (m) => (m / metres).toFixed(1),
    distance: (m) => `${(m / metres).toFixed(1)} ${unit}`,
    // Short pieces stay in metres, as on the track.
    piece: (m) => (m < metres ? `${m} m` : `${Number((m / metres).toFixed(1))} ${unit}`),
    clock,
    range,
    pace: (pace) => `${range(pace)} /${unit}`,
  };
}

function duration(seconds) {
  if (seconds < 600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

// Dates have no time and no zone; UTC keeps them on their day.
const shortDate = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const longDate = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const dateOf = (text) => new Date(`${text}T00:00:00Z`);
const capital = (word) => word[0].toUpperCase() + word.slice(1);

function today() {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()));
}

// --- the answers ---

// answers are what the form holds. What is no number goes as it was typed: the
// API says what is wrong with it.
function answers() {
  const data = new FormData(form);
  const typed = (name) => (data.get(name) ?? '').trim();
  const number = (text) => (/^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : text);
  const time = typed('target_time');
  const all = {
    weeks: number(typed('weeks')),
    runs_per_week: number(typed('runs_per_week')),
    target_time: /^[0-9]{1,2}:[0-9]{2}$/.test(time) ? `${time}:00` : time,
    first_long_run: number(typed('first_long_run').replace(',', '.')),
    unit: typed('unit'),
    long_run_day: typed('long_run_day'),
    race_date: typed('race_date'),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

// showStart says on which day a plan with a race date would begin.
function showStart() {
  const { weeks, race_date: race } = answers();
  const output = document.getElementById('start');
  if (!race || !Number.isInteger(weeks) || weeks < 8 || weeks > 30) {
    output.textContent = '';
    return;
  }
  const start = dateOf(race);
  start.setUTCDate(start.getUTCDate() - 7 * weeks + 1);
  output.textContent = start < today()
    ? `${weeks} weeks would have to start in the past, on ${longDate.format(start)}.`
    : `${weeks} weeks start on ${longDate.format(start)}.`;
}

// --- problems ---

const controls = (name) => form.querySelectorAll(`[name="${name}"]`);

function clearError(name) {
  const message = document.getElementById(`${name}-error`);
  if (!message || message.hidden) return;
  message.hidden = true;
  message.textContent = '';
  for (const control of controls(name)) control.removeAttribute('aria-invalid');
}

function clearErrors() {
  alertBox.replaceChildren();
  for (const message of form.querySelectorAll('.error')) clearError(message.id.replace('-error', ''));
}

function say(text) {
  alertBox.replaceChildren(el('p', { class: 'alert' }, text));
}

// showProblem puts each fault beside its field, and what belongs to none above
// the button.
function showProblem(problem) {
  const rest = [];
  let count = 0;
  for (const { pointer = '', message } of problem.errors ?? []) {
    const name = pointer.slice(1);
    const place = document.getElementById(`${name}-error`);
    if (!place) {
      rest.push(message);
      continue;
    }
    place.textContent = message.replaceAll(name, name.replaceAll('_', ' '));
    place.hidden = false;
    for (const control of controls(name)) control.setAttribute('aria-invalid', 'true');
    count += 1;
  }
  if (count === 0) {
    say([problem.title, problem.detail, ...rest].filter(Boolean).map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(' '));
    return;
  }
  say([count === 1 ? 'One answer needs another look.' : `${count} answers need another look.`, ...rest].join(' '));
  form.querySelector('[aria-invalid=true]:is(:checked, :not([type=radio]))')?.focus();
}

// --- the plan ---

function render(plan) {
  const u = units(plan.inputs.unit);
  const title = el('h2', { id: 'plan-title', tabindex: '-1' }, `Your marathon in ${plan.inputs.target_time}`);
  planBox.replaceChildren(
    title,
    el('p', { class: 'lead' }, lead(plan)),
    numbers(plan, u),
    ...notes('Changed to keep the plan safe', plan.adjustments.map((note) => note.message)),
    ...notes('Good to know', [...pastStart(plan), ...plan.warnings.map((note) => note.message)]),
    curve(plan, u),
    paces(plan, u),
    ...table(plan, u),
    el('p', { class: 'back' }, el('a', { href: '#ask' }, 'Change the answers')),
  );
  planBox.hidden = false;
  title.focus();
  title.scrollIntoView();
}

function lead({ inputs, summary, weeks }) {
  const start = weeks[0].start_date;
  const when = start
    ? `From ${longDate.format(dateOf(start))} to race day on ${longDate.format(dateOf(inputs.race_date))}`
    : `${summary.weeks} weeks, with the race on the last ${capital(inputs.long_run_day)}`;
  return `${when}: ${inputs.runs_per_week} runs a week, the long one on ${capital(inputs.long_run_day)}s.`;
}

function pastStart({ weeks }) {
  const start = weeks[0].start_date;
  if (!start || dateOf(start) >= today()) return [];
  return [`This plan would have to start in the past, on ${longDate.format(dateOf(start))}. Choose a later race or fewer weeks.`];
}

function numbers({ summary }, u) {
  const item = (term, value, small) => el('div', {}, el('dt', {}, term), el('dd', {}, value, el('small', {}, ` ${small}`)));
  return el('dl', { class: 'numbers' },
    item('Race pace', u.clock(summary.race_pace_s_per_km), `/${u.unit}`),
    item('Longest run', u.far(summary.peak_long_run_m), u.unit),
    item(`Largest week, week ${summary.peak_week}`, u.far(summary.peak_week_distance_m), u.unit),
    item('All together, with the race', u.far(summary.total_distance_m), u.unit),
    item(`In ${summary.weeks} weeks`, String(summary.runs), 'runs'),
    item('Growth of the long run, a step', (summary.weekly_increase_rate * 100).toFixed(1), '%'));
}

function notes(heading, messages) {
  if (messages.length === 0) return [];
  return [el('div', { class: 'notes' }, el('h3', {}, heading), el('ul', {}, ...messages.map((message) => el('li', {}, message))))];
}

// curve draws the distance of each week. The table says the same in words.
function curve({ weeks, summary }, u) {
  const highest = Math.max(...weeks.map((week) => week.distance_m));
  const bars = weeks.flatMap((week, i) => {
    const race = week.workouts.find((workout) => workout.type === 'race')?.distance_m ?? 0;
    const bar = (from, size, kind, label) => el('rect', {
      class: kind, x: i * 10 + 1, width: 8, y: 100 - (from + size) / highest * 100, height: size / highest * 100,
    }, el('title', {}, label));
    const all = [bar(0, week.distance_m - race, week.kind, `Week ${week.week}: ${u.distance(week.distance_m - race)}`)];
    if (race > 0) all.push(bar(week.distance_m - race, race, 'marathon', `The race: ${u.distance(race)}`));
    return all;
  });
  const label = `Distance of each week: ${u.distance(weeks[0].distance_m)} in week 1, ${u.distance(summary.peak_week_distance_m)} at most in week ${summary.peak_week}, then less until the race.`;
  return el('figure', { class: 'curve' },
    el('figcaption', {}, 'Week by week'),
    el('svg', { viewBox: `0 0 ${weeks.length * 10} 100`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label }, ...bars),
    el('ul', { class: 'key' },
      el('li', { class: 'build' }, 'Build'), el('li', { class: 'cut_back' }, 'Cut-back'), el('li', { class: 'taper' }, 'Taper'),
      el('li', { class: 'race' }, 'Race week'), el('li', { class: 'marathon' }, 'The race')));
}

function paces({ paces: all }, u) {
  return el('div', { class: 'paces' },
    el('h3', {}, 'Your paces ', el('small', {}, `per ${u.unit}`)),
    el('dl', {}, ...Object.keys(paceNames).filter((name) => all[name]).map((name) => el('div', {},
      el('dt', {}, paceNames[name]), el('dd', {}, u.range(all[name]))))));
}

function table(plan, u) {
  const all = el('button', { type: 'button', class: 'secondary', 'aria-expanded': 'false' }, 'Show all steps');
  const print = el('button', { type: 'button', class: 'secondary' }, 'Print');
  // The roles are those of the elements; they stay when a phone shows blocks.
  const head = (name, kind) => el('th', { scope: 'col', role: 'columnheader', class: kind }, name);
  const runs = el('table', { role: 'table' },
    el('caption', {}, 'All runs of the plan, week by week'),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' },
      head('Day', 'day'), head('Run'), head('Distance', 'number'), head('Time', 'number'), head('Pace', 'number'))),
    ...plan.weeks.map((week) => weekRows(week, u)));
  all.addEventListener('click', () => {
    const open = all.getAttribute('aria-expanded') !== 'true';
    for (const details of runs.querySelectorAll('details')) details.open = open;
    all.setAttribute('aria-expanded', String(open));
    all.textContent = open ? 'Hide all steps' : 'Show all steps';
  });
  print.addEventListener('click', () => window.print());
  return [el('div', { class: 'bar' }, el('h3', {}, 'Every run'), el('div', { class: 'buttons' }, all, print)), runs];
}

function weekRows(week, u) {
  const from = week.start_date && ` · from ${shortDate.format(dateOf(week.start_date))}`;
  const sum = u.distance(week.distance_m) + (week.kind === 'race' ? ' with the race' : '');
  return el('tbody', { role: 'rowgroup' },
    el('tr', { class: 'week', role: 'row' }, el('th', { scope: 'rowgroup', colspan: '5', role: 'rowheader' },
      el('div', {}, el('b', {}, `Week ${week.week}`), el('span', {}, weekKinds[week.kind] ?? week.kind, from), el('span', { class: 'sum' }, sum)))),
    ...week.workouts.map((workout) => runRow(workout, u)));
}

function runRow(run, u) {
  const day = run.date
    ? el('time', { datetime: run.date }, shortDate.format(dateOf(run.date)))
    : capital(run.day);
  const cell = (kind, ...children) => el('td', { class: kind, role: 'cell' }, ...children);
  return el('tr', { class: `run ${run.type}`, role: 'row' },
    el('th', { scope: 'row', role: 'rowheader', class: 'day' }, day),
    cell('what', el('details', {},
      el('summary', {}, run.title),
      el('div', { class: 'inside' }, el('p', {}, run.rationale.text), steps(run.steps, u)))),
    cell('number', u.distance(run.distance_m)),
    cell('number', duration(run.duration_s)),
    cell('number', u.pace(run.pace)));
}

function steps(list, u) {
  return el('ol', { class: 'steps' }, ...list.map((step) => (step.repeat
    ? el('li', {}, el('b', {}, `${step.repeat} times`), steps(step.steps, u))
    : el('li', {}, el('b', {}, stepKinds[step.kind] ?? step.kind), ` ${u.piece(step.distance_m)} at ${u.pace(step.pace)}, about ${duration(step.duration_s)}`))));
}

// --- sending ---

async function send(event) {
  event.preventDefault();
  if (button.getAttribute('aria-disabled') === 'true') return;
  clearErrors();
  button.setAttribute('aria-disabled', 'true');
  try {
    const response = await fetch('/api/generate', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(answers()),
    });
    const body = await response.json();
    const wait = response.headers.get('Retry-After');
    if (response.ok) render(body);
    else if (wait) say(`${body.title}. Try again in ${wait} seconds.`);
    else showProblem(body);
  } catch {
    say('Stride does not answer. Check your connection and try again.');
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

form.addEventListener('submit', send);
form.addEventListener('input', (event) => {
  clearError(event.target.name);
  if (event.target.name === 'weeks' || event.target.name === 'race_date') showStart();
});
showStart(); // a browser may have kept a date
