// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The slider's scale and the budget that is sent. Pure.
//
// The slider walks along the measured frontier from its fastest point to its best one. Each step asks for the time per token of its point
// and a tenth more, for a machine a little busier than when it was measured. The last step asks for no limit: the best there is.

const kRoom = 1.1;

export function LowerIsBetter(frontier) {
  return frontier.direction === 'lower';
}

// The points of the frontier from the fastest to the best, each better than the one before.
export function Steps(frontier) {
  const better = LowerIsBetter(frontier) ? (a, b) => a < b : (a, b) => a > b;
  const usable = frontier.points.filter((p) => p.on_frontier && p.tpot_ms > 0 && Number.isFinite(p.quality));
  const steps = [];
  for (const point of usable.sort((a, b) => a.tpot_ms - b.tpot_ms)) {
    if (steps.length === 0 || better(point.quality, steps.at(-1).quality)) steps.push(point);
  }
  return steps;
}

// Up to two digits that people can read, never below the value.
export function RoundUp(value) {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2));
}

export function LimitOf(steps, index) {
  return index >= steps.length - 1 ? null : RoundUp(steps[index].tpot_ms * kRoom);
}

const kFields = [['ttft_ms', 'first token'], ['tpot_ms', 'per token'], ['deadline_ms', 'deadline']];

// {budget} or {problem, field} from the fields' texts; an empty field is no limit.
export function BudgetOf(texts, allow_cheaper) {
  const budget = {};
  for (const [field, label] of kFields) {
    const text = (texts[field] ?? '').trim();
    if (text === '') continue;
    const value = Number(text);
    if (!(value > 0) || value > 86400000) {
      return {problem: `The limit "${label}" must be a number of ms, at most a day; leave it empty for none.`, field};
    }
    budget[field] = value;
  }
  if (allow_cheaper) budget.allow_cheaper = true;
  return {budget};
}
