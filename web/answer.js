// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// One answer in the conversation: its text as it comes, then what was chosen, predicted and got.
//
// Whole sentences are added to the live log, which announces additions; the one still being written is hidden from screen readers.

import {El} from './dom.js';
import {Ms, Plain, SettingText} from './format.js';
import {SentenceCutter} from './sentences.js';

const kEnds = {
  stop: '',
  length: 'It ended at the limit of tokens.',
  deadline: 'The deadline passed; this is what was ready.',
};

export class Answer {
  #cutter = new SentenceCutter();
  #decision = null;
  #usage = null;
  #finish = null;
  text = '';

  constructor(model) {
    this.tail = El('span', {class: 'tail', 'aria-hidden': 'true'});
    this.body = El('p', {class: 'text', dir: 'auto'}, this.tail);
    this.element = El('article', {class: 'answer writing', 'aria-label': `Answer of ${model}`}, El('p', {class: 'who'}, model), this.body);
  }

  // chunk: an event of the stream
  Add(chunk) {
    const choice = chunk.choices?.[0];
    const piece = choice?.delta?.content;
    if (typeof piece === 'string' && piece !== '') {
      this.text += piece;
      this.#Say(this.#cutter.Add(piece));
    }
    this.#finish = choice?.finish_reason ?? this.#finish;
    this.#usage = chunk.usage ?? this.#usage;
    this.#decision = chunk.tradewind ?? this.#decision;
  }

  End() {
    this.#Close();
    if (this.text === '') this.Note('The answer is empty.');
    const end = this.#finish === null ? '' : kEnds[this.#finish] ?? `It ended with ${this.#finish}.`;
    if (end !== '') this.Note(end);
    if (this.#decision) this.element.append(this.#Decision());
  }

  Stop() {
    this.#Close();
    this.Note('Stopped by you.');
  }

  Fail(problem) {
    this.#Close();
    this.element.append(El('p', {class: 'problem'}, El('strong', {}, problem.message), ' ', problem.remedy ?? ''));
  }

  Note(text) {
    this.element.append(El('p', {class: 'note'}, text));
  }

  #Say(sentences) {
    for (const sentence of sentences) this.tail.before(El('span', {}, sentence));
    this.tail.textContent = this.#cutter.tail;
  }

  #Close() {
    this.#Say(this.#cutter.End());
    this.tail.remove();
    this.element.classList.remove('writing');
    if (this.text === '') this.body.remove();
  }

  #Decision() {
    const {setting, predicted = {}, got = {}, reason, quality} = this.#decision;
    const time = (label, field) => Cell(label, Ms(got[field]), `predicted ${Ms(predicted[field])}`);
    const cells = [time('first token', 'ttft_ms'), time('per token', 'tpot_ms'), time('whole answer', 'total_ms')];
    if (quality) cells.push(Cell('expected quality', Plain(quality.value), `${Plain(quality.low)} to ${Plain(quality.high)}`));
    const tokens = this.#usage && ` (${this.#usage.completion_tokens} tokens after ${this.#usage.prompt_tokens} read)`;
    const why = reason && `: ${reason}`;
    return El('div', {class: 'decision'}, El('p', {}, 'Chosen ', El('b', {}, SettingText(setting)), why, tokens), El('dl', {}, ...cells));
  }
}

function Cell(label, value, below) {
  return El('div', {}, El('dt', {}, label), El('dd', {}, value, El('span', {class: 'of'}, below)));
}
