// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A browser, a server to play with, and a watch over each page: what it asks of whom, what its policy forbids, what it logs as an error.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

// The packages lie where the script installed them, which is where it runs this.
const require = createRequire(path.join(process.cwd(), 'here.js'));
const {chromium} = require('playwright-core');
const axe = require('axe-core');

const kHere = path.dirname(fileURLToPath(import.meta.url));
const kFlags = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const {values} = parseArgs({options: {url: {type: 'string'}, shots: {type: 'string'}, 'api-key': {type: 'string'}}});
export const kRealUrl = values.url;
export const kRealKey = values['api-key'];

export function LaunchBrowser() {
  return chromium.launch({executablePath: '/usr/bin/chromium', args: kFlags});
}

// {url, Seen(), Kill()}; options as mock_server.py takes them.
export async function StartMock(...options) {
  const child = spawn('python3', [path.join(kHere, 'mock_server.py'), path.join(kHere, '../../web'), ...options]);
  child.stderr.pipe(process.stderr);
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(/http:\S+/.exec(String(data))[0]));
    child.once('exit', (code) => reject(new Error(`mock_server.py ended with ${code}`)));
  });
  return {
    url,
    Seen: async () => (await fetch(`${url}/mock/seen`)).json(),
    Kill: () => new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill();
    }),
  };
}

const kBaseOptions = {viewport: {width: 1280, height: 900}, colorScheme: 'light', reducedMotion: 'reduce'};

// A page at url under watch. wrong: what must stay empty.
export async function OpenPage(browser, url, options = {}) {
  const context = await browser.newContext({...kBaseOptions, ...options});
  const page = await context.newPage();
  const wrong = [];
  const origin = new URL(url).origin;
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith('data:') && new URL(asked).origin !== origin) wrong.push(`a request to ${asked}`);
  });
  page.on('pageerror', (error) => wrong.push(`an exception: ${error.message}`));
  page.on('console', (message) => {
    // A failed request logs an error by itself; those are part of the tests.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) wrong.push(`the console: ${message.text()}`);
  });
  await page.exposeFunction('ReportViolation', (text) => wrong.push(`the policy forbade ${text}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => ReportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  const response = await page.goto(url);
  return {page, wrong, policy: response.headers()['content-security-policy'] ?? '', Close: () => context.close()};
}

// Fails with the rule and the element of each violation. Returns how many rules were checked.
export async function CheckAxe(page, state) {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(axe.source);
  const result = await page.evaluate(() => axe.run(document, {rules: {'target-size': {enabled: true}}}));
  const found = result.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary}`));
  assert.deepEqual(found, [], `axe on the state "${state}"`);
  assert.ok(result.passes.length > 20, `axe checked only ${result.passes.length} rules`);
}

export async function Shot(page, name, whole = true) {
  if (!values.shots) return;
  mkdirSync(values.shots, {recursive: true});
  await page.screenshot({path: path.join(values.shots, `${name}.png`), fullPage: whole});
}

// Presses Tab until the element with this id has the focus: the way of somebody without a mouse.
export async function TabTo(page, id, most = 30) {
  for (let i = 0; i < most; ++i) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      return {id: element.id, outline: getComputedStyle(element).outlineStyle};
    });
    if (at.id !== id) continue;
    assert.notEqual(at.outline, 'none', `the focus on ${id} is not seen`);
    return;
  }
  assert.fail(`Tab does not reach ${id}`);
}
