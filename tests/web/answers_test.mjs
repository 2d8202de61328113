// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Answers that go well and badly: what is sent, what is shown, what is announced.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Answered, Ask, EndClean, mock, mock_only, Open} from './session.mjs';

test('the log announces whole sentences', mock_only, async () => {
  const opened = await Open();
  const {page} = opened;
  await page.evaluate(() => {
    window.said = [];
    new MutationObserver((records) => {
      for (const record of records) {
        for (const node of record.addedNodes) {
          if (node.nodeName === 'SPAN' && !node.parentElement?.closest('[aria-hidden]')) window.said.push(node.textContent);
        }
      }
    }).observe(document.getElementById('log'), {childList: true, subtree: true});
  });
  const answer = await Answered(page, 'Why do trade winds blow?');
  const said = (await page.evaluate(() => window.said)).filter((text) => text.length > 0);
  const sentences = said.slice(0, 4);
  assert.deepEqual(sentences.map((s) => s.split(' ')[0]), ['Trade', 'They', 'Sailors', 'Their']);
  assert.equal(sentences.join(''), await answer.locator('.text').evaluate((node) => node.textContent));
  assert.ok(sentences[1].includes('3.5 to 7'), 'a decimal point ends no sentence');
  await EndClean(opened);
});

test('an answer tells what was chosen, predicted and got', mock_only, async () => {
  const opened = await Open();
  const text = (await (await Answered(opened.page, 'Why?')).innerText()).replace(/\s+/g, ' ');
  for (const part of ['quant=q4_k', 'fits any number of ms per token', '183 ms predicted 171 ms', '16.1 ms predicted 16.9 ms',
                      '1.12 s predicted 1.16 s', '0.441 0.423 to 0.459', 'after 37 read']) {
    assert.ok(text.includes(part), `"${part}" is not in: ${text}`);
  }
  await EndClean(opened);
});

test('a conversation carries on, and a new one starts empty', mock_only, async () => {
  const opened = await Open();
  await Answered(opened.page, 'First?');
  await Answered(opened.page, 'Second?');
  let request = (await mock.Seen()).seen.at(-1);
  assert.deepEqual(request.messages.map((m) => m.role), ['user', 'assistant', 'user']);
  await opened.page.click('#new');
  await Answered(opened.page, 'Third?');
  request = (await mock.Seen()).seen.at(-1);
  assert.deepEqual(request.messages, [{role: 'user', content: 'Third?'}]);
  await EndClean(opened);
});

test('the fields and the box are sent as the budget; a wrong one is named and not sent', mock_only, async () => {
  const opened = await Open();
  const {page} = opened;
  await page.fill('#ttft_ms', '250');
  await page.fill('#tpot_ms', '40.5');
  await page.fill('#deadline_ms', '3000');
  await page.check('#allow-cheaper');
  await Answered(page, 'Why?');
  const {seen} = await mock.Seen();
  assert.deepEqual(seen.at(-1).budget, {ttft_ms: 250, tpot_ms: 40.5, deadline_ms: 3000, allow_cheaper: true});
  await page.fill('#deadline_ms', 'soon');
  await Ask(page, 'Why?');
  assert.match(await page.innerText('#ask-problem'), /deadline.*leave it empty/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'deadline_ms');
  assert.equal((await mock.Seen()).seen.length, seen.length);
  await EndClean(opened);
});

test('each way to fail is told with its remedy', mock_only, async () => {
  const opened = await Open();
  const {page} = opened;
  for (const [question, message, field] of [
    ['impossible', /no loaded setting is that fast.*Change what/, 'impossible'],
    ['too late', /deadline passed before.*longer deadline/, 'too late'],
    ['break it', /Trade winds.*ran out of memory/, ''],
    ['cut it', /Trade winds.*broke before the answer ended/, ''],
    ['nothing', /The answer is empty/, 'nothing'],
    ['short', /ended at the limit of tokens/, ''],
  ]) {
    const text = (await (await Answered(page, question)).innerText()).replace(/\s+/g, ' ');
    assert.match(text, message, question);
    assert.equal(await page.inputValue('#question'), field, `what the field holds after "${question}"`);
  }
  await EndClean(opened);
});

test('no text is taken for markup, and bytes may be cut anywhere', mock_only, async () => {
  const opened = await Open();
  const {page} = opened;
  const markup = await Answered(page, 'Some markup.');
  assert.match(await markup.innerText(), /<img src=x onerror/);
  assert.equal(await page.locator('#log img, #log script, #injected').count(), 0);
  assert.match(await page.innerText('#decision-rows'), /<b id=injected>/);
  const split = await Answered(page, 'Please split.');
  assert.match(await split.innerText(), /„genau so“\. 貿易風は一年中吹く。とても安定している。 Und das war’s 🌬\./u);
  await Answered(page, 'A long word.');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await EndClean(opened);
});

test('a stop closes the connection', mock_only, async () => {
  const opened = await Open();
  const before = (await mock.Seen()).broken_off;
  await Ask(opened.page, 'A slow one.');
  await opened.page.waitForSelector('#log .writing .text');
  await opened.page.click('#stop');
  for (let i = 0; i < 100 && (await mock.Seen()).broken_off === before; ++i) await new Promise((wake) => setTimeout(wake, 50));
  assert.equal((await mock.Seen()).broken_off, before + 1);
  await EndClean(opened);
});
