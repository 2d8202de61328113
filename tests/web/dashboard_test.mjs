// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The dashboard in Chromium: each state under axe, and a session by keyboard alone. With --url they run against a real server; what needs
// the mock server's scripts is then skipped.

import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {CheckAxe, OpenPage, Shot, StartMock, TabTo} from './harness.mjs';
import {Answered, Ask, browser, EndClean, kAnswer_ms, kEnded, mock, mock_only, Open} from './session.mjs';

describe('states', () => {
  for (const [name, options] of [
    ['light', {}],
    ['dark', {colorScheme: 'dark'}],
    ['phone', {viewport: {width: 360, height: 740}, hasTouch: true, isMobile: true, deviceScaleFactor: 2}],
    ['phone-dark', {viewport: {width: 360, height: 740}, colorScheme: 'dark'}],
    ['zoomed', {viewport: {width: 640, height: 450}, deviceScaleFactor: 2}],  // 1280 x 900 at 200 %
  ]) {
    test(name, async () => {
      const opened = await Open(options);
      const {page} = opened;
      await CheckAxe(page, `${name}, nothing asked`);
      await Ask(page, 'A slow one, please.');
      await page.waitForSelector('#log .writing .text', {timeout: kAnswer_ms});
      await CheckAxe(page, `${name}, streaming`);
      await page.press('#question', 'Escape');
      await page.waitForSelector(kEnded);
      await Answered(page, 'Why do trade winds blow?');
      assert.ok(await page.evaluate(() => log.scrollHeight - log.scrollTop - log.clientHeight < 2), 'the log follows the answer to its end');
      await CheckAxe(page, `${name}, answered`);
      await page.click('#frontier-toggle');
      await CheckAxe(page, `${name}, with the table`);
      await page.click('#frontier-toggle');
      await page.waitForTimeout(Number(process.env.TRADEWIND_WEB_LINGER_MS ?? 0));  // for screenshots with longer graphs
      await page.evaluate(() => log.scrollTo(0, log.scrollHeight));  // axe scrolled
      await Shot(page, name);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} pixels wider than the window`);
      await EndClean(opened);
    });
  }

  test('empty', mock_only, async () => {
    const server = await StartMock('--empty');
    const opened = await OpenPage(browser, server.url);
    const {page} = opened;
    await page.waitForSelector('#model option', {state: 'attached'});
    await page.waitForSelector('[data-state="good"]');
    await page.getByText('Nothing is measured yet.').waitFor();
    await page.getByText('No request has been answered yet.').waitFor();
    assert.equal(await page.isVisible('#frontier-toggle'), false);
    assert.equal(await page.isDisabled('#slider'), true);
    await CheckAxe(page, 'empty');
    await Shot(page, 'empty');
    await EndClean(opened);
    await server.Kill();
  });

  test('error', mock_only, async () => {
    const opened = await Open();
    const {page} = opened;
    const answer = await Answered(page, 'This meets an overload.');
    assert.match(await answer.innerText(), /The queue is full\..*Try again in 7 s, or allow/);
    await CheckAxe(page, 'error');
    await Shot(page, 'error');
    await EndClean(opened);
  });
});

test('the policy is strict', async () => {
  const opened = await Open();
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"]) {
    assert.ok(opened.policy.includes(part), `the Content-Security-Policy lacks ${part}: ${opened.policy}`);
  }
  assert.ok(!opened.policy.includes('unsafe'), opened.policy);
  await EndClean(opened);
});

test('by keyboard alone', async () => {
  const opened = await Open();
  const {page} = opened;
  await TabTo(page, 'model');
  await page.keyboard.press('Home');
  const first = await page.inputValue('#model');
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await page.inputValue('#model'), first);
  await page.keyboard.press('Home');
  if (!(await page.isDisabled('#slider'))) {
    await TabTo(page, 'slider');
    const best = await page.getAttribute('#slider', 'aria-valuetext');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    assert.notEqual(await page.getAttribute('#slider', 'aria-valuetext'), best);
    assert.ok(Number(await page.inputValue('#tpot_ms')) > 0);
    assert.ok(await page.locator('#frontier-chart .limit').count());
  }
  await TabTo(page, 'question');
  await page.keyboard.type('Why do trade winds blow?');
  await TabTo(page, 'ask');
  await page.keyboard.press('Enter');
  await page.waitForSelector(kEnded, {timeout: kAnswer_ms});
  assert.equal(await page.evaluate(() => document.activeElement.id), 'ask');
  if (mock) {
    const {seen} = await mock.Seen();
    const request = seen[seen.length - 1];
    assert.equal(request.model, 'auto');
    assert.equal(request.stream, true);
    assert.deepEqual(request.stream_options, {include_usage: true});
    // The third best of the points that are no slower for no gain: 24.8 ms and a tenth, rounded up to two digits.
    assert.deepEqual(request.budget, {tpot_ms: 28});
  }
  // Reading: the log takes the focus and scrolls.
  await page.keyboard.press('Shift+Tab');
  for (let i = 0; i < 20 && (await page.evaluate(() => document.activeElement.id)) !== 'log'; ++i) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'log');
  // A stream stopped by its button, which gives the focus back to the question.
  await TabTo(page, 'question');
  await page.keyboard.type('A slow one, please: count to a thousand.');
  await page.keyboard.press('Enter');
  await TabTo(page, 'stop');
  await page.keyboard.press('Enter');
  await page.waitForSelector(kEnded);
  assert.match(await page.locator('#log article.answer').last().innerText(), /Stopped by you/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'question');
  // The table.
  if (await page.isVisible('#frontier-body')) {
    await TabTo(page, 'frontier-toggle');
    await page.keyboard.press('Space');
    assert.equal(await page.getAttribute('#frontier-toggle', 'aria-pressed'), 'true');
    await TabTo(page, 'frontier-table');
    assert.ok((await page.locator('#frontier-table').boundingBox()).height > 50);
  }
  await EndClean(opened);
});
