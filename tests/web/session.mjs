// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What each file of browser tests shares: one browser and one mock server (or the real one), a page that is ready, a question asked.

import assert from 'node:assert/strict';
import {after, before} from 'node:test';
import {kRealKey, kRealUrl, LaunchBrowser, OpenPage, StartMock} from './harness.mjs';

export const mock_only = {skip: kRealUrl ? 'needs the mock server' : false};
export const kAnswer_ms = kRealUrl ? 120000 : 20000;
export const kEnded = '#log article.answer:last-of-type:not(.writing)';
export let browser;
export let mock;

before(async () => {
  browser = await LaunchBrowser();
  if (!kRealUrl) mock = await StartMock();
});
after(async () => {
  await browser?.close();
  await mock?.Kill();
});

// A page on which models and metrics have arrived.
export async function Open(options) {
  const opened = await OpenPage(browser, kRealUrl ?? mock.url, options);
  if (kRealKey) {
    await opened.page.click('#key-panel summary');
    await opened.page.fill('#key', kRealKey);
    await opened.page.press('#key', 'Enter');
  }
  await Ready(opened.page);
  return opened;
}

export async function Ready(page) {
  await page.waitForSelector('#model option', {state: 'attached'});
  await page.waitForSelector('[data-state="good"]');
}

export async function Ask(page, question) {
  await page.fill('#question', question);
  await page.press('#question', 'Enter');
}

// The element of the answer, once it ended.
export async function Answered(page, question) {
  await Ask(page, question);
  await page.waitForSelector(kEnded, {timeout: kAnswer_ms});
  return page.locator('#log article.answer').last();
}

// Nothing left the origin, no policy was broken, nothing failed unseen.
export async function EndClean({wrong, Close}) {
  await Close();
  assert.deepEqual(wrong, []);
}
