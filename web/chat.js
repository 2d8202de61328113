// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The conversation: sends what is asked with the budget, shows the answer as it comes, stops it. One answer at a time.

import {Answer} from './answer.js';
import {Problem, StreamChat} from './api.js';
import {El, Id, SetText} from './dom.js';

const kMostMessages = 200;  // of one conversation; the oldest leave first
const kNear = 60;           // pixels from the end of the log within which it follows new text

export class Chat {
  #messages = [];
  #stop = null;

  constructor(controls, on_problem) {
    this.controls = controls;
    this.on_problem = on_problem;
    this.log = Id('log');
    this.field = Id('question');
    Id('ask-form').addEventListener('submit', (event) => this.#Ask(event));
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#Ask(event);
    });
    Id('chat').addEventListener('keydown', (event) => event.key === 'Escape' && this.#stop?.abort());
    Id('stop').addEventListener('click', () => this.#stop?.abort());
    Id('new').addEventListener('click', () => this.#Clear());
  }

  async #Ask(event) {
    event.preventDefault();
    if (this.#stop !== null) return;
    const text = this.field.value.trim();
    const {budget, problem, field} = this.controls.Budget();
    const wrong = problem ?? (text === '' ? 'Write a question first.' : this.controls.model === '' ? 'No model is loaded.' : '');
    SetText(Id('ask-problem'), wrong);
    if (wrong !== '') {
      Id(field ?? 'question').focus();
      return;
    }
    this.field.value = '';
    const asked = El('article', {class: 'asked', 'aria-label': 'You asked'}, El('p', {class: 'text', dir: 'auto'}, text));
    const answer = new Answer(this.controls.model);
    Id('log-empty').hidden = true;
    this.log.append(asked, answer.element);
    this.log.scrollTop = this.log.scrollHeight;
    this.#messages.push({role: 'user', content: text});
    this.#Trim();
    const request = {model: this.controls.model, messages: [...this.#messages]};
    if (Object.keys(budget).length > 0) request.budget = budget;
    await this.#Stream(request, answer, text);
  }

  async #Stream(request, answer, asked) {
    const stop = new AbortController();
    this.#Running(stop);
    try {
      await StreamChat(request, stop.signal, (chunk) => this.#Following(() => answer.Add(chunk)));
      this.#Following(() => answer.End());
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(`The page failed: ${error.message}.`, 'Reload it and ask again.');
      this.#Following(() => (stop.signal.aborted ? answer.Stop() : answer.Fail(problem)));
      this.on_problem(problem);
    }
    if (answer.text !== '') {
      this.#messages.push({role: 'assistant', content: answer.text});
    } else {
      this.#messages.pop();
      if (this.field.value === '') this.field.value = asked;  // so that it can be sent again
    }
    this.#Running(null);
  }

  // Keeps the end in view while text comes, unless the reader scrolled back.
  #Following(change) {
    const near = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < kNear;
    change();
    if (near) this.log.scrollTop = this.log.scrollHeight;
  }

  #Running(stop) {
    // A disabled button loses the focus; so Ask only says that it is one.
    if (stop === null && document.activeElement === Id('stop')) this.field.focus();
    this.#stop = stop;
    Id('stop').disabled = stop === null;
    Id('new').disabled = stop !== null;
    Id('ask').ariaDisabled = stop === null ? null : 'true';
  }

  #Trim() {
    while (this.#messages.length > kMostMessages) this.#messages.splice(0, 2);
    for (const old of [...this.log.children].slice(1, -kMostMessages)) old.remove();
  }

  #Clear() {
    this.#messages = [];
    this.log.replaceChildren(Id('log-empty'));
    Id('log-empty').hidden = false;
    SetText(Id('ask-problem'), '');
    this.field.focus();
  }
}
