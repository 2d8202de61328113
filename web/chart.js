// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Scales, ticks and axes, in CSS pixels: text keeps its size on a phone and under zoom.

import {Svg} from './dom.js';

// Round values that divide [low, high] into about `count` steps of 1, 2 or 5 times a power of ten.
export function Ticks(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

// 1, 2 and 5 times the powers of ten within [low, high], which is above zero; plain ticks where it holds too few.
export function LogTicks(low, high) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; ++power) {
    for (const digit of [1, 2, 5]) ticks.push(Number((digit * 10 ** power).toPrecision(1)));
  }
  const inside = ticks.filter((tick) => tick >= low && tick <= high);
  return inside.length > 2 ? inside : Ticks(low, high, 4);
}

export function Linear(low, high, from, to) {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

export function Logarithmic(low, high, from, to) {
  const linear = Linear(Math.log(low), Math.log(high), from, to);
  return (value) => linear(Math.log(value));
}

// Empties the svg and gives it a size.
export function Sheet(svg, width, height) {
  svg.setAttribute('width', width);
  svg.setAttribute('height', height);
  svg.replaceChildren();
  return svg;
}

export function YAxis(svg, box, scale, ticks, text) {
  for (const tick of ticks) {
    const y = Math.round(scale(tick)) + 0.5;
    svg.append(Svg('line', {class: 'grid', x1: box.left, x2: box.right, y1: y, y2: y}),
               Svg('text', {x: box.left - 6, y: y + 4, 'text-anchor': 'end'}, text(tick)));
  }
}

export function XAxis(svg, box, scale, ticks, text) {
  svg.append(Svg('path', {class: 'axis', d: `M${box.left} ${box.bottom + 0.5}H${box.right}`}));
  let free = 0;
  for (const tick of ticks) {
    const x = Math.round(scale(tick)) + 0.5;
    svg.append(Svg('path', {class: 'axis', d: `M${x} ${box.bottom}v4`}));
    const half = text(tick).length * 3.5;  // about what the text takes, so that labels do not run into each other
    if (x - half < free) continue;
    free = x + half + 6;
    svg.append(Svg('text', {x, y: box.bottom + 17, 'text-anchor': 'middle'}, text(tick)));
  }
}

// Calls draw(width, height) now and whenever the element's size changes.
export function OnSize(element, draw) {
  new ResizeObserver(() => element.clientWidth > 0 && draw(element.clientWidth, element.clientHeight)).observe(element);
}
