// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Server-sent events out of decoded pieces of a stream, wherever they were cut.
//   const events = new EventReader((event) => use(event.data));
//   events.Feed('data: {"a"'); events.Feed(': 1}\n\n');

const kLongest = 4 * 1024 * 1024;  // characters of an event: more than any answer's, less than what would hurt the page

export class EventReader {
  #rest = '';
  #data = [];
  #held = 0;

  constructor(on_event) {
    this.on_event = on_event;
  }

  Feed(text) {
    this.#rest += text;
    if (this.#rest.length + this.#held > kLongest) throw new Error('the server sent an event of more than 4 MiB');
    for (;;) {
      const end = /\r\n|\r|\n/.exec(this.#rest);
      // A lone CR at the end of a piece may be the first half of CRLF.
      if (!end || (end[0] === '\r' && end.index + 1 === this.#rest.length)) return;
      const line = this.#rest.slice(0, end.index);
      this.#rest = this.#rest.slice(end.index + end[0].length);
      this.#Line(line);
    }
  }

  // Comments (they keep the connection alive) and other fields say nothing to the page.
  #Line(line) {
    if (/^data(:|$)/.test(line)) {
      this.#data.push(line.replace(/^data:? ?/, ''));
      this.#held += line.length;
    }
    if (line !== '' || this.#data.length === 0) return;
    const data = this.#data.join('\n');
    this.#data = [];
    this.#held = 0;
    this.on_event({data});
  }
}
