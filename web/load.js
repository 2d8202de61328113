// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Queue and latency of the last minutes, from readings of /metrics. Quantiles are of what ended in the last half minute.

import {Linear, OnSize, Sheet, Ticks, XAxis, YAxis} from './chart.js';
import {El, Id, SetText, Svg} from './dom.js';
import {Ms, Plain} from './format.js';
import {BucketsBetween, ParseMetrics, Quantile, Rate} from './metrics.js';

const kShown_s = 300;
const kQuantileOver_s = 30;
const kHeight = 132;
const kPrefix = 'tradewind:';

const Whole = (value) => String(value ?? '–');
const WholeTick = (tick) => (Number.isInteger(tick) ? String(tick) : '');
const MsTick = (tick) => (tick < 1000 ? `${tick} ms` : `${tick / 1000} s`);

// Two lines each: solid, dashed. least: what the axis reaches even when all is quiet.
const kCharts = [
  {id: 'queue', title: 'Requests', names: ['running', 'waiting'], text: Whole, tick: WholeTick, least: 4},
  {id: 'ttft', title: 'Time to the first token', names: ['median', 'p90'], text: Ms, tick: MsTick, least: 50},
  {id: 'tpot', title: 'Time per token', names: ['median', 'p90'], text: Ms, tick: MsTick, least: 10},
];

export class LoadView {
  #readings = [];
  #samples = [];

  constructor() {
    for (const chart of kCharts) {
      chart.now = chart.names.map(() => El('b', {}, '–'));
      chart.svg = Svg('svg', {role: 'img', 'aria-label': chart.title});
      const figure = El('div', {class: 'figure'}, chart.svg);
      const keys = chart.names.map((name, i) => El('span', {class: i === 0 ? 'key' : 'key second'}, `${name} `, chart.now[i]));
      Id('charts').append(El('div', {id: chart.id}, El('h3', {}, chart.title), El('p', {class: 'legend'}, ...keys), figure));
      OnSize(figure, (width) => {
        chart.width = width;
        this.#Draw(chart);
      });
    }
  }

  // text: of /metrics; now_s: a clock that never goes back.
  Show(text, now_s) {
    const reading = {at: now_s, ...ParseMetrics(text)};
    this.#readings = this.#readings.filter((r) => r.at >= now_s - kQuantileOver_s - 1).concat(reading);
    this.#samples = this.#samples.filter((s) => s.at >= now_s - kShown_s).concat(this.#Sample(reading));
    for (const chart of kCharts) this.#Draw(chart);
    const before = this.#readings[0];
    const rate = (name) => Plain(Rate(before.sums.get(kPrefix + name), reading.sums.get(kPrefix + name), reading.at - before.at));
    SetText(Id('kv-share'), `${Plain(reading.largest.get(`${kPrefix}kv_cache_usage_perc`) * 100, 2)} %`);
    SetText(Id('prompt-rate'), rate('prompt_tokens_total'));
    SetText(Id('output-rate'), rate('generation_tokens_total'));
  }

  #Sample(reading) {
    const before = this.#readings[0];
    const gauge = (name) => reading.sums.get(kPrefix + name) ?? null;
    const latency = (name) => {
      const bucket = `${kPrefix}${name}_bucket`;
      // The first reading has nothing before it: it would show all that ever was.
      const between = before === reading ? [] : BucketsBetween(before.buckets.get(bucket), reading.buckets.get(bucket));
      return [0.5, 0.9].map((q) => Quantile(between, q)).map((seconds) => (seconds === null ? null : seconds * 1000));
    };
    return {
      at: reading.at,
      queue: [gauge('num_requests_running'), gauge('num_requests_waiting')],
      ttft: latency('time_to_first_token_seconds'),
      tpot: latency('time_per_output_token_seconds'),
    };
  }

  #Draw({id, title, names, now, svg, width, text, tick, least}) {
    const last = this.#samples.at(-1);
    if (!width || !last) return;
    Sheet(svg, width, kHeight);
    const box = {left: 52, right: width - 16, top: 10, bottom: kHeight - 24};
    const values = this.#samples.flatMap((sample) => sample[id]).filter((value) => value !== null);
    const high = Math.max(least, ...values) * 1.08;
    const y = Linear(0, high, box.bottom, box.top);
    const x = Linear(-kShown_s, 0, box.left, box.right);
    YAxis(svg, box, y, Ticks(0, high, 3), tick);
    XAxis(svg, box, x, [-240, -180, -120, -60, 0], (s) => (s === 0 ? 'now' : `−${-s / 60} min`));
    for (const i of [1, 0]) {
      const points = this.#samples.map((sample) => [x(sample.at - last.at), sample[id][i] === null ? null : y(sample[id][i])]);
      svg.append(Svg('path', {class: i === 0 ? 'line' : 'line second', d: PathOf(points)}));
      SetText(now[i], text(last[id][i]));
    }
    const most = values.length === 0 ? 'nothing' : `at most ${text(Math.max(...values))}`;
    if (values.length === 0) svg.append(Svg('text', {x: box.left + 8, y: box.bottom - 6}, 'nothing in this time'));
    const said = names.map((name, i) => `${name} ${text(last[id][i])}`).join(', ');
    svg.setAttribute('aria-label', `${title}: now ${said}; ${most} in the last five minutes.`);
  }
}

// A line with gaps where there is no value; a value between two gaps is a dot: a line of no length with round ends.
function PathOf(points) {
  let path = '';
  let down = false;
  for (const [x, y] of points) {
    if (y !== null) path += `${down ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}${down ? '' : 'h0'}`;
    down = y !== null;
  }
  return path;
}
