// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What was decided for each request, newest first: asked for from where the last answer ended.

import {GetJson} from './api.js';
import {El, Id, SetText} from './dom.js';
import {Clock, Ms, SettingText} from './format.js';

const kMostRows = 100;

export class DecisionsView {
  #next = 0;

  async Update() {
    const answer = await GetJson(`decisions?after=${this.#next}`);
    if (answer.next < this.#next) {  // the server started anew and counts from zero
      this.#next = 0;
      Id('decision-rows').replaceChildren();
      return;
    }
    this.#next = answer.next;
    this.#Add(answer.decisions);
  }

  #Add(decisions) {
    const body = Id('decision-rows');
    for (const decision of [...decisions].sort((a, b) => a.id - b.id).slice(-kMostRows)) body.prepend(Row(decision));
    while (body.rows.length > kMostRows) body.lastElementChild.remove();
    Id('decisions-table').hidden = body.rows.length === 0;
    SetText(Id('decisions-says'), body.rows.length === 0 ? 'No request has been answered yet.' : `The last ${body.rows.length}, newest first`);
  }
}

function Row(d) {
  const both = (field) => El('td', {}, Ms(d.got?.[field]), El('span', {class: 'of'}, ` (${Ms(d.predicted?.[field])})`));
  return El('tr', {}, El('th', {scope: 'row'}, Clock(d.time_ms)), El('td', {}, d.model ?? '–'),
            El('td', {class: 'long'}, SettingText(d.setting)), El('td', {class: 'long'}, d.reason ?? '–'), both('ttft_ms'), both('tpot_ms'),
            El('td', {}, `${d.prompt_tokens} → ${d.output_tokens}`), El('td', {}, d.finish_reason ?? '–'));
}
