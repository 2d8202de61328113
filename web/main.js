// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Joins the page's parts: who asks the server for what, how often, and who shows it.

import {ApiKey, GetJson, GetText, SetApiKey} from './api.js';
import {Chat} from './chat.js';
import {Controls} from './controls.js';
import {DecisionsView} from './decisions.js';
import {Id, SetText} from './dom.js';
import {FrontierView} from './frontier.js';
import {LoadView} from './load.js';
import {Poll} from './poll.js';

const kLive_ms = 2000;
const kSeldom_ms = 10000;

const frontier_view = new FrontierView();
const load_view = new LoadView();
const decisions_view = new DecisionsView();
const controls = new Controls((limit_ms) => frontier_view.ShowLimit(limit_ms));
new Chat(controls, NeedsKey);

// A live region: written only when the state changes, never at each poll.
function Connected(state, text) {
  Id('connection').dataset.state = state;
  SetText(Id('connection'), text);
}

function NeedsKey(problem) {
  if (problem.status === 401) Id('key-panel').open = true;
}

function Unreachable(problem) {
  NeedsKey(problem);
  const known = {0: 'No connection', 401: 'An API key is needed'};
  Connected('bad', known[problem.status] ?? problem.message);
}

function Missing(id) {
  return (problem) => {
    NeedsKey(problem);
    SetText(Id(id), `${problem.message} ${problem.status === 404 ? '' : problem.remedy ?? ''}`);
  };
}

new Poll(kLive_ms, async () => {
  load_view.Show(await GetText('metrics'), performance.now() / 1000);
  Connected('good', 'Connected');
}, Unreachable);

new Poll(kLive_ms, () => decisions_view.Update(), Missing('decisions-says'));

new Poll(kSeldom_ms, async () => {
  const frontier = await GetJson('frontier');
  controls.SetFrontier(frontier);
  frontier_view.Show(frontier);
}, Missing('frontier-says'));

new Poll(kSeldom_ms, async () => controls.SetModels((await GetJson('v1/models')).data.map((model) => model.id)), NeedsKey);

Id('pause').addEventListener('click', () => {
  const paused = Id('pause').getAttribute('aria-pressed') !== 'true';
  Id('pause').setAttribute('aria-pressed', paused);
  Poll.Pause(paused);
  if (paused) Connected('paused', 'Paused');
});

Id('key').value = ApiKey();
Id('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  SetApiKey(Id('key').value.trim());
  Poll.Now();
});
