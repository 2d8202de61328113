// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The measured frontier: quality against time per token, with intervals, the point in use now and the limit that the slider asks for. Up is
// always better, left always faster. The table beside it says the same in numbers.

import {LowerIsBetter, Steps} from './budget.js';
import {Linear, LogTicks, Logarithmic, OnSize, Sheet, Ticks, XAxis, YAxis} from './chart.js';
import {El, Id, SetText, Svg} from './dom.js';
import {Bytes, Interval, Ms, SettingText} from './format.js';

const kMostPoints = 400;

export class FrontierView {
  #frontier = null;
  #points = [];
  #limit_ms = null;
  #size = null;

  constructor() {
    OnSize(Id('frontier-figure'), (width, height) => {
      this.#size = [width, height];
      this.#Draw();
    });
    Id('frontier-toggle').addEventListener('click', ToggleTable);
  }

  Show(frontier) {
    this.#frontier = frontier;
    const usable = frontier.points.filter((p) => p.tpot_ms > 0 && Number.isFinite(p.quality));
    this.#points = usable.sort((a, b) => a.tpot_ms - b.tpot_ms).slice(0, kMostPoints);
    const any = this.#points.length > 0;
    SetText(Id('frontier-says'), any ? `Measured for ${frontier.workload}`
                                     : 'Nothing is measured yet. Run "tradewind search" on this machine; its points then appear here.');
    Id('frontier-body').hidden = !any;
    Id('frontier-toggle').hidden = !any;
    this.#Draw();
    SetText(Id('frontier-quality'), frontier.metric);
    Id('frontier-rows').replaceChildren(...this.#points.map(Row));
  }

  // The budget's time per token; null: no limit.
  ShowLimit(limit_ms) {
    this.#limit_ms = limit_ms;
    this.#Draw();
  }

  #Draw() {
    if (this.#points.length === 0 || this.#size === null) return;
    const [width, height] = this.#size;
    const svg = Sheet(Id('frontier-chart'), width, height);
    const box = {left: 48, right: width - 14, top: 26, bottom: height - 42};
    const {x, y} = this.#Axes(svg, box);
    if (this.#limit_ms !== null) Limit(svg, box, x(this.#limit_ms), `asked: ${Ms(this.#limit_ms)}`);
    // Some points are on the frontier for their memory or first token only; the line joins those that are in this picture.
    const line = Steps(this.#frontier).map((p) => `${x(p.tpot_ms)},${y(p.quality)}`);
    svg.append(Svg('polyline', {class: 'frontier-line', points: line.join(' ')}));
    // The current point last, on top.
    for (const p of [...this.#points].sort((a, b) => Boolean(a.current) - Boolean(b.current))) svg.append(Mark(p, x(p.tpot_ms), y));
    const now = this.#Now();
    const kept = this.#points.filter((p) => p.on_frontier).length;
    svg.setAttribute('aria-label', `${this.#frontier.metric} against time per token for ${this.#points.length} settings, ${kept} of them on ` +
        `the frontier. ${now}. The table holds the numbers.`);
    SetText(Id('frontier-now'), now);
  }

  #Axes(svg, box) {
    const lower = LowerIsBetter(this.#frontier);
    const all = this.#points.flatMap((p) => [p.quality, p.quality_low ?? p.quality, p.quality_high ?? p.quality]);
    const room = (Math.max(...all) - Math.min(...all) || 1) * 0.08;
    const [low, high] = [Math.min(...all) - room, Math.max(...all) + room];
    const y = lower ? Linear(low, high, box.top, box.bottom) : Linear(low, high, box.bottom, box.top);
    const [fast, slow] = [this.#points[0].tpot_ms / 1.15, this.#points.at(-1).tpot_ms * 1.15];
    const x = Logarithmic(fast, slow, box.left, box.right);
    YAxis(svg, box, y, Ticks(low, high, 5), String);
    XAxis(svg, box, x, LogTicks(fast, slow), String);
    svg.append(Svg('text', {x: 2, y: 13}, this.#frontier.metric + (lower ? ', lower is better' : '')),
               Svg('text', {x: box.right, y: box.bottom + 36, 'text-anchor': 'end'}, 'time per token, ms (log)'));
    return {x, y};
  }

  #Now() {
    const now = this.#points.find((p) => p.current);
    if (!now) return 'No point is in use now';
    return `In use now: ${SettingText(now.setting)}, ${Ms(now.tpot_ms)} per token, ` +
        `${this.#frontier.metric} ${Interval(now.quality, now.quality_low, now.quality_high)}`;
  }
}

function ToggleTable() {
  const show = Id('frontier-toggle').getAttribute('aria-pressed') !== 'true';
  Id('frontier-toggle').setAttribute('aria-pressed', show);
  Id('frontier-table').classList.toggle('visually-hidden', !show);
  // Only what is seen and may need scrolling is a stop of the Tab key.
  Id('frontier-table').tabIndex = show ? 0 : -1;
}

function Row(p) {
  const stands = (p.on_frontier ? 'on the frontier' : 'beaten') + (p.current ? ', in use' : '');
  const cells = [Interval(p.quality, p.quality_low, p.quality_high), Ms(p.tpot_ms), Ms(p.ttft_ms), Bytes(p.memory_bytes), stands];
  return El('tr', {class: p.current && 'current'}, El('th', {scope: 'row'}, SettingText(p.setting)), ...cells.map((text) => El('td', {}, text)));
}

function Limit(svg, box, x, text) {
  x = Math.min(box.right, Math.max(box.left, x));
  const end = x > (box.left + box.right) / 2;
  svg.append(Svg('rect', {class: 'beyond', x, y: box.top, width: box.right - x, height: box.bottom - box.top}),
             Svg('path', {class: 'limit', d: `M${x} ${box.top}V${box.bottom}`}),
             Svg('text', {class: 'now', x: x + (end ? -6 : 6), y: box.bottom - 8, 'text-anchor': end ? 'end' : 'start'}, text));
}

// Shape and not colour alone tells them apart: a disc on the frontier, a square beaten, a ring around the one in use.
function Mark(p, x, y) {
  const [at, low, high] = [p.quality, p.quality_low ?? p.quality, p.quality_high ?? p.quality].map(y);
  return Svg('g', {class: `point ${p.current ? 'current' : p.on_frontier ? '' : 'beaten'}`},
             Svg('title', {}, `${SettingText(p.setting)}: ${Ms(p.tpot_ms)} per token, ${Interval(p.quality, p.quality_low, p.quality_high)}`),
             Svg('path', {class: 'bar', d: `M${x} ${low}V${high}M${x - 3} ${low}h6M${x - 3} ${high}h6`}),
             p.current && Svg('circle', {class: 'ring', cx: x, cy: at, r: 9}),
             p.on_frontier ? Svg('circle', {class: 'dot', cx: x, cy: at, r: 4.5})
                           : Svg('rect', {class: 'dot', x: x - 3.5, y: at - 3.5, width: 7, height: 7}),
             p.current && Svg('text', {class: 'now', x, y: Math.min(low, high, at - 9) - 7, 'text-anchor': 'middle'}, 'now'));
}
