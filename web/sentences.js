// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Cuts a growing text into whole sentences, so that a screen reader says sentences and not tokens.
//   const cutter = new SentenceCutter();
//   cutter.Add('One. Tw')   // ['One. ']; cutter.tail is 'Tw'
//   cutter.End()            // ['Tw']

// A mark, perhaps closing quotes or brackets, then white space; or a mark of Chinese and Japanese; or a new line.
const kEnd = /[.!?\u2026]+["'\u201d\u2019)\]]*\s+|[\u3002\uff01\uff1f]+|\n+/g;
const kLongest = 400;  // characters: a text without an end is said in pieces of words

export class SentenceCutter {
  tail = '';

  Add(text) {
    this.tail += text;
    const out = [];
    let start = 0;
    // Only where something follows: the white space or the quote after the mark may still be coming.
    for (const match of this.tail.matchAll(kEnd)) {
      const end = match.index + match[0].length;
      if (end >= this.tail.length) break;
      out.push(this.tail.slice(start, end));
      start = end;
    }
    this.tail = this.tail.slice(start);
    while (this.tail.length > kLongest) {
      const space = this.tail.lastIndexOf(' ', kLongest - 1);
      const end = space > 0 ? space + 1 : kLongest;
      out.push(this.tail.slice(0, end));
      this.tail = this.tail.slice(end);
    }
    return out;
  }

  End() {
    const out = this.tail === '' ? [] : [this.tail];
    this.tail = '';
    return out;
  }
}
