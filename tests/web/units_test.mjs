// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The dashboard's pure parts, without a browser: web/sse.js, sentences.js, metrics.js, budget.js, format.js, and the ticks of chart.js.

import assert from 'node:assert/strict';
import {readdirSync, statSync} from 'node:fs';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {BudgetOf, LimitOf, RoundUp, Steps} from '../../web/budget.js';
import {LogTicks, Ticks} from '../../web/chart.js';
import {Bytes, Interval, Ms, Plain, SettingText} from '../../web/format.js';
import {BucketsBetween, ParseMetrics, Quantile, Rate} from '../../web/metrics.js';
import {SentenceCutter} from '../../web/sentences.js';
import {EventReader} from '../../web/sse.js';

// A small generator of numbers in [0, 1), so that a failure comes again.
function Random(seed) {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
}

function Pieces(text, random) {
  const pieces = [];
  for (let at = 0; at < text.length;) {
    const next = at + 1 + Math.floor(random() * 7);
    pieces.push(text.slice(at, next));
    at = next;
  }
  return pieces;
}

test('events are the same wherever the stream is cut, with each kind of line end', () => {
  const lines = ['data: {"a": 1}', '', ': a comment', 'data:two', 'data: lines', 'id: 7', '', 'data', '', 'event: x', '', 'data: last', '', ''];
  for (const end of ['\n', '\r\n', '\r']) {
    for (let seed = 1; seed <= 50; ++seed) {
      const got = [];
      const events = new EventReader((event) => got.push(event.data));
      for (const piece of Pieces(lines.join(end) + 'x', Random(seed))) events.Feed(piece);
      assert.deepEqual(got, ['{"a": 1}', 'two\nlines', '', 'last']);
    }
  }
});

test('an event without end is refused', () => {
  const events = new EventReader(() => assert.fail('no event'));
  assert.throws(() => {
    for (let i = 0; i < 100; ++i) events.Feed('data: ' + 'x'.repeat(65536) + '\n');
  }, /more than 4 MiB/);
});

test('sentences are whole, and nothing is lost, wherever the text is cut', () => {
  const text = 'Is 3.5 more than e.g.2? Yes! "Quite so." He said (really.) and\nleft…  Then: 風が吹く。雨が降る。The end';
  const whole = ['Is 3.5 more than e.g.2? ', 'Yes! ', '"Quite so." ', 'He said (really.) ', 'and\n', 'left…  ', 'Then: 風が吹く。', '雨が降る。', 'The end'];
  for (let seed = 1; seed <= 200; ++seed) {
    const cutter = new SentenceCutter();
    const said = Pieces(text, Random(seed)).flatMap((piece) => cutter.Add(piece)).concat(cutter.End());
    assert.deepEqual(said, whole);
  }
});

test('a text without an end is said in pieces of words', () => {
  const cutter = new SentenceCutter();
  const said = cutter.Add('word '.repeat(300));
  assert.ok(said.length >= 3 && said.every((s) => s.length <= 400 && s.endsWith(' ')));
});

test('metrics are added up over labels, whatever the labels hold', () => {
  const {sums, largest, buckets} = ParseMetrics([
    '# HELP a:x of le="1"', 'a:x{m="}{,le=\\"9\\""} 2', 'a:x{m="b"} 3e0 1700000000', 'plain 4', 'broken', 'nan NaN',
    'h_bucket{m="a",le="0.5"} 1', 'h_bucket{le="0.5",m="b"} 2', 'h_bucket{le="+Inf"} 7'].join('\n'));
  assert.deepEqual([...sums], [['a:x', 5], ['plain', 4]]);
  assert.equal(largest.get('a:x'), 3);
  assert.deepEqual([...buckets.get('h_bucket')], [[0.5, 3], [Infinity, 7]]);
});

const Cumulative = (values, bounds) => new Map(bounds.map((bound) => [bound, values.filter((v) => v <= bound).length]));

test('the quantile of a histogram lies in the bucket of the exact one', () => {
  const bounds = [0.1, 0.25, 0.5, 1, 2, Infinity];
  for (let seed = 1; seed <= 100; ++seed) {
    const random = Random(seed);
    const [old, fresh] = [0, 1].map(() => Array.from({length: 1 + Math.floor(random() * 60)}, () => random() ** 3 * 1.9));
    const between = BucketsBetween(Cumulative(old, bounds), Cumulative(old.concat(fresh), bounds));
    fresh.sort((a, b) => a - b);
    for (const q of [0.1, 0.5, 0.9, 1]) {
      const exact = fresh[Math.ceil(q * fresh.length - 1e-9) - 1];
      const got = Quantile(between, q);
      const upper = bounds.find((bound) => exact <= bound);
      const lower = bounds[bounds.indexOf(upper) - 1] ?? 0;
      assert.ok(got >= lower - 1e-9 && got <= upper + 1e-9, `q ${q}, seed ${seed}: ${got} is not in (${lower}, ${upper}]`);
    }
  }
});

test('the quantile of evenly spread values is exact; of none there is none; a restart counts from zero', () => {
  const even = BucketsBetween(undefined, new Map([[1, 10], [2, 20], [Infinity, 20]]));
  assert.equal(Quantile(even, 0.5), 1);
  assert.equal(Quantile(even, 0.9), 1.8);
  assert.equal(Quantile(BucketsBetween(new Map([[1, 5]]), new Map([[1, 5]])), 0.5), null);
  assert.equal(Quantile([], 0.5), null);
  assert.equal(Quantile([{upper: 2, count: 0}, {upper: Infinity, count: 3}], 0.5), 2);
  assert.deepEqual(BucketsBetween(new Map([[1, 50]]), new Map([[1, 4]])), [{upper: 1, count: 4}]);
  assert.equal(Rate(10, 30, 4), 5);
  assert.equal(Rate(1000, 8, 4), 2);
});

const Point = (tpot_ms, quality, on_frontier = true) => ({tpot_ms, quality, on_frontier});

test('the slider walks from the fastest to the best, whichever way is better', () => {
  const points = [Point(30, 0.5), Point(5, 0.2), Point(10, 0.1), Point(20, 0.4, false), Point(8, 0.3)];
  const higher = Steps({direction: 'higher', points});
  assert.deepEqual(higher.map((p) => p.tpot_ms), [5, 8, 30]);
  const lower = Steps({direction: 'lower', points});
  assert.deepEqual(lower.map((p) => p.tpot_ms), [5, 10]);
  assert.equal(LimitOf(higher, 2), null);
  for (let i = 0; i < 2; ++i) assert.ok(LimitOf(higher, i) >= higher[i].tpot_ms * 1.1 - 1e-9, 'the point itself fits with room');
});

test('a limit is rounded up to two digits', () => {
  const random = Random(5);
  for (let i = 0; i < 1000; ++i) {
    const value = 10 ** (random() * 8 - 3);
    const rounded = RoundUp(value);
    assert.ok(rounded >= value * (1 - 1e-8) && rounded <= value * 1.1 + 1e-12, `${value} to ${rounded}`);
    assert.ok(String(rounded).replace(/^0\.0*|\.|e.*$/g, '').replace(/0+$/, '').length <= 2, String(rounded));
  }
});

test('a budget holds what was asked for, and a wrong field is named', () => {
  assert.deepEqual(BudgetOf({ttft_ms: '', tpot_ms: ' 40 ', deadline_ms: ''}, false), {budget: {tpot_ms: 40}});
  assert.deepEqual(BudgetOf({}, true), {budget: {allow_cheaper: true}});
  for (const wrong of ['0', '-1', 'x', '1e9', 'Infinity', '12ms']) assert.equal(BudgetOf({deadline_ms: wrong}).field, 'deadline_ms', wrong);
});

test('numbers and settings as people read them', () => {
  assert.deepEqual([0.042, 4.25, 31.23, 999.4, 999.6, 61000, undefined].map(Ms),
                   ['0.042 ms', '4.3 ms', '31.2 ms', '999 ms', '1.00 s', '61.0 s', '–']);
  assert.deepEqual([0, 1536, 3 * 2 ** 30].map(Bytes), ['0 B', '1.50 KiB', '3.00 GiB']);
  assert.equal(Interval(0.5, 0.45, 0.55), '0.500 (0.450 to 0.550)');
  assert.equal(Interval(0.5), '0.500');
  assert.equal(Plain(NaN), '–');
  assert.deepEqual([{a: 1, b: 'x'}, 'a=1', '', null].map(SettingText), ['a=1 b=x', 'a=1', 'defaults', 'defaults']);
});

test('ticks are round, rising and inside', () => {
  const random = Random(9);
  for (let i = 0; i < 500; ++i) {
    const low = 10 ** (random() * 6 - 3);
    const high = low * (1.05 + random() * 200);
    for (const ticks of [Ticks(low, high, 5), LogTicks(low, high)]) {
      assert.ok(ticks.length >= 2 && ticks.length <= 16, `${low} to ${high}: ${ticks}`);
      ticks.forEach((tick, k) => assert.ok(tick >= low * (1 - 1e-6) && tick <= high * (1 + 1e-6) && !(tick <= ticks[k - 1])));
    }
  }
});

test('the page stays small', () => {
  const web = fileURLToPath(new URL('../../web/', import.meta.url));
  const sizes = readdirSync(web).filter((name) => /\.(html|css|js)$/.test(name)).map((name) => statSync(web + name).size);
  assert.ok(sizes.reduce((a, b) => a + b) < 60000, `${sizes.reduce((a, b) => a + b)} bytes`);
});
