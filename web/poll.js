// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Asks again and again while the page is seen and not paused; after each failure it waits longer.
//   const poll = new Poll(2000, async () => Show(await GetText('metrics')), (problem) => Say(problem));

const kLongestWait_ms = 30000;

export class Poll {
  static paused = false;
  static #all = [];

  static Pause(paused) {
    Poll.paused = paused;
    Poll.Now();
  }

  // After a new key, on becoming visible.
  static Now() {
    for (const poll of Poll.#all) {
      poll.failures = 0;
      poll.#Next(0);
    }
  }

  constructor(period_ms, ask, on_problem) {
    Object.assign(this, {period_ms, ask, on_problem, failures: 0});
    Poll.#all.push(this);
    this.#Next(0);
  }

  get wait_ms() {
    return Math.min(kLongestWait_ms, this.period_ms * 2 ** Math.min(this.failures, 8));
  }

  #Next(wait_ms) {
    clearTimeout(this.timer);
    if (Poll.paused || document.hidden) return;
    this.timer = setTimeout(() => this.#Ask(), wait_ms);
  }

  async #Ask() {
    if (this.busy) return;  // the one on its way sets the next time
    this.busy = true;
    try {
      await this.ask();
      this.failures = 0;
    } catch (problem) {
      ++this.failures;
      this.on_problem(problem);
    }
    this.busy = false;
    this.#Next(this.wait_ms);
  }
}

document.addEventListener('visibilitychange', () => Poll.Now());
