// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The frontier, the graphs, the decisions, the key, and when the page asks the server.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {CheckAxe, OpenPage, StartMock} from './harness.mjs';
import {Answered, browser, EndClean, mock_only, Open} from './session.mjs';

test('a key is asked for, used, and kept in this tab only', mock_only, async () => {
  const server = await StartMock('--api-key', 'secret');
  const opened = await OpenPage(browser, server.url);
  const {page} = opened;
  await page.waitForSelector('#key-panel[open]');
  assert.match(await page.innerText('#connection'), /API key is needed/);
  await CheckAxe(page, 'a key is needed');
  await page.fill('#key', 'secret');
  await page.press('#key', 'Enter');
  await page.waitForSelector('[data-state="good"]');
  await Answered(page, 'Why?');
  assert.deepEqual(await page.evaluate(() => [Object.values(sessionStorage), localStorage.length, document.cookie]), [['secret'], 0, '']);
  assert.ok(!page.url().includes('secret'));
  await EndClean(opened);
  await server.Kill();
});

test('a server that is gone is told, and found again when it is back', mock_only, async () => {
  const opened = await Open();
  const {page} = opened;
  await page.route('**/metrics', (route) => route.abort());
  await page.waitForSelector('[data-state="bad"]');
  assert.equal(await page.innerText('#connection'), 'No connection');
  await page.unroute('**/metrics');
  await page.waitForSelector('[data-state="good"]');
  await EndClean(opened);
});

test('the graphs and tables show what the server says', mock_only, async () => {
  const opened = await Open();
  const {page} = opened;
  await page.waitForFunction(() => !/now median –/.test(document.getElementById('tpot').querySelector('svg').getAttribute('aria-label')) &&
                                   document.getElementById('output-rate').textContent !== '–');
  assert.match(await page.getAttribute('#queue svg', 'aria-label'), /^Requests: now running \d, waiting \d; at most \d in the last five minutes\.$/);
  assert.match(await page.getAttribute('#ttft svg', 'aria-label'), /^Time to the first token: now median \d+ ms/);
  assert.equal(await page.innerText('#kv-share'), '36 %');  // the fuller of the two models: 0.31 and 0.05
  assert.match(await page.getAttribute('#frontier-chart', 'aria-label'), /10 settings, 7 of them on the frontier.*In use now: qwen2\.5-0\.5b-instruct quant=q4_k/);
  assert.equal(await page.locator('#frontier-chart .point').count(), 10);
  assert.equal(await page.locator('#frontier-chart .point.current').count(), 1);
  assert.equal(await page.locator('#frontier-rows tr').count(), 10);
  // The accessible tree has the table though it is not seen.
  assert.equal(await page.getByRole('region', {name: 'Frontier as a table'}).count(), 1);
  // Up is better, right is slower.
  const at = await page.locator('#frontier-chart circle.dot').evaluateAll((dots) => dots.map((d) => [Number(d.getAttribute('cx')), Number(d.getAttribute('cy'))]));
  at.sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < at.length; ++i) assert.ok(at[i][1] < at[i - 1][1], 'a slower point of the frontier is drawn higher');
  const rows = await page.locator('#decision-rows tr').count();
  await Answered(page, 'Why?');
  await page.waitForFunction((n) => document.querySelectorAll('#decision-rows tr').length === n + 1, rows);
  assert.match(await page.locator('#decision-rows tr').first().innerText(), /→ 45\b/);
  await EndClean(opened);
});

test('pause stops the asking, and a hidden page asks nothing', mock_only, async () => {
  const opened = await Open();
  const {page} = opened;
  let asked = 0;
  page.on('request', () => ++asked);
  await page.click('#pause');
  await page.waitForTimeout(300);  // what is on its way ends
  asked = 0;
  await page.waitForTimeout(2600);
  assert.equal(asked, 0);
  await page.evaluate(() => Object.defineProperty(document, 'hidden', {get: () => window.away === true, configurable: true}));
  await page.click('#pause');
  await page.waitForRequest('**/metrics');
  await page.evaluate(() => {
    window.away = true;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.waitForTimeout(300);
  asked = 0;
  await page.waitForTimeout(2600);
  assert.equal(asked, 0);
  await EndClean(opened);
});
