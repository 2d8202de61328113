// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Prometheus text to numbers, and quantiles from the difference of two readings of a histogram. Pure.

const kSample = /^([\w:]+)(\{.*\})?\s+(\S+)/;
const kBound = /[{,]\s*le="([^"]*)"/;

function NumberOf(text) {
  return text === '+Inf' ? Infinity : Number(text);
}

// For each name its sum over labels (one set of them for each model) and its largest value. A histogram's bucket has the name "x_bucket"
// and is a map from its upper bound to the count.
export function ParseMetrics(text) {
  const [sums, largest, buckets] = [new Map(), new Map(), new Map()];
  const add = (map, key, value) => map.set(key, (map.get(key) ?? 0) + value);
  for (const line of text.split('\n')) {
    const [, name, labels, digits] = kSample.exec(line) ?? [];
    const value = NumberOf(digits);
    if (name === undefined || Number.isNaN(value)) continue;
    const bound = name.endsWith('_bucket') && kBound.exec(labels ?? '');
    if (bound) {
      if (!buckets.has(name)) buckets.set(name, new Map());
      add(buckets.get(name), NumberOf(bound[1]), value);
    } else {
      add(sums, name, value);
      largest.set(name, Math.max(largest.get(name) ?? -Infinity, value));
    }
  }
  return {sums, largest, buckets};
}

// What came between two readings of the same buckets: [{upper, count}], cumulative, by rising bound. A counter that fell says that the
// server started anew: then all of the later reading is new.
export function BucketsBetween(before = new Map(), after = new Map()) {
  const bounds = [...after.keys()].sort((a, b) => a - b);
  const fell = bounds.some((upper) => after.get(upper) < before.get(upper));
  return bounds.map((upper) => ({upper, count: after.get(upper) - (fell ? 0 : before.get(upper) ?? 0)}));
}

// The quantile q (0 to 1), taking observations to lie evenly in their bucket; null without any; at most the last finite bound.
export function Quantile(buckets, q) {
  const rank = q * (buckets.at(-1)?.count ?? 0);
  let lower = 0;
  let below = 0;
  for (const {upper, count} of buckets) {
    if (count >= rank && count > below) return upper === Infinity ? lower : lower + (upper - lower) * ((rank - below) / (count - below));
    below = count;
    lower = upper;
  }
  return null;
}

// Events each second between two readings of a counter; a fall is a start from zero.
export function Rate(before, after, seconds) {
  return (after >= before ? after - before : after) / seconds;
}
