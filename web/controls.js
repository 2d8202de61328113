// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The choice of a model and the budget: the slider over the frontier's points, and the fields that it fills.

import {BudgetOf, LimitOf, Steps} from './budget.js';
import {OnSize, Sheet} from './chart.js';
import {El, Id, SetText, Svg} from './dom.js';
import {Interval, Ms} from './format.js';

const kSteered = ['auto', 'auto-fast', 'auto-best'];
const kThumb = 22;  // as in style.css
const kMostModels = 500;

export class Controls {
  #steps = [];
  #metric = '';
  #width = 0;

  // on_limit(ms or null) when the time per token that is asked for changes.
  constructor(on_limit) {
    this.on_limit = on_limit;
    this.slider = Id('slider');
    this.slider.addEventListener('input', () => this.#FromSlider());
    Id('tpot_ms').addEventListener('input', () => this.#FromField());
    Id('model').addEventListener('change', () => this.#Show());
    OnSize(Id('scale'), (width) => {
      this.#width = width;
      this.#Scale();
    });
  }

  get model() {
    return Id('model').value;
  }

  get #limit_ms() {
    return Number(Id('tpot_ms').value) || null;
  }

  // {budget} or {problem, field}
  Budget() {
    const fields = ['ttft_ms', 'tpot_ms', 'deadline_ms'];
    const answer = BudgetOf(Object.fromEntries(fields.map((field) => [field, Id(field).value])), Id('allow-cheaper').checked);
    for (const field of fields) Id(field).ariaInvalid = field === answer.field ? 'true' : null;  // the alert below says why
    return answer;
  }

  SetModels(ids) {
    ids = [...kSteered.filter((id) => ids.includes(id)), ...ids.filter((id) => !kSteered.includes(id)).slice(0, kMostModels)];
    const select = Id('model');
    const chosen = select.value;
    // An open list must not change under the user's hand.
    if (ids.join('\n') === [...select.options].map((option) => option.value).join('\n')) return;
    select.replaceChildren(...ids.map((id) => El('option', {value: id}, id)));
    if (ids.includes(chosen)) select.value = chosen;
    this.#Show();
  }

  SetFrontier(frontier) {
    this.#metric = frontier.metric;
    this.#steps = Steps(frontier);
    this.slider.max = Math.max(1, this.#steps.length - 1);
    this.#FromField();
    this.#Scale();
  }

  #FromSlider() {
    Id('tpot_ms').value = LimitOf(this.#steps, Number(this.slider.value)) ?? '';
    this.#Show();
  }

  // To the best step that fits the field.
  #FromField() {
    const fitting = this.#steps.filter((point) => point.tpot_ms <= (this.#limit_ms ?? Infinity)).length;
    this.slider.value = Math.max(0, fitting - 1);
    this.#Show();
  }

  #Show() {
    const fixed = ['auto-fast', 'auto-best'].includes(this.model);
    this.slider.disabled = this.#steps.length < 2 || fixed;
    const text = fixed ? `The budget does not steer ${this.model}` : this.#Text();
    SetText(Id('slider-says'), text);
    this.slider.setAttribute('aria-valuetext', text);
    this.on_limit(this.#limit_ms);
  }

  #Text() {
    if (this.#steps.length < 2) return 'The slider needs a measured frontier; the limits below do not.';
    const limit = this.#limit_ms;
    const point = this.#steps[Number(this.slider.value)];
    if (limit !== null && limit < point.tpot_ms) return `At most ${Ms(limit)} per token: faster than anything measured`;
    const asked = limit === null ? 'The best there is' : `At most ${Ms(limit)} per token`;
    return `${asked}: ${this.#metric} ${Interval(point.quality, point.quality_low, point.quality_high)} expected at ${Ms(point.tpot_ms)}`;
  }

  // A mark for each measured point.
  #Scale() {
    const svg = Sheet(Id('scale-marks'), this.#width, 9);
    const last = this.#steps.length - 1;
    for (let i = 0; last > 0 && last < this.#width / 6 && i <= last; ++i) {
      const x = Math.round(kThumb / 2 + (i / last) * (this.#width - kThumb)) + 0.5;
      svg.append(Svg('path', {class: 'axis', d: `M${x} 0v${i % last === 0 ? 9 : 6}`}));
    }
  }
}
