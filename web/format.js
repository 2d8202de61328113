// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Numbers and settings as people read them; what is missing is a dash. Pure.

const kNone = '–';

export function Plain(value, digits = 3) {
  if (!Number.isFinite(value)) return kNone;
  if (value === 0) return '0';
  value = Number(value.toPrecision(digits));  // first, for 0.9996 has the places of 1
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(places, 6));
}

// 0.84 ms, 31.2 ms, 840 ms, 1.34 s, 125 s
export function Ms(value) {
  if (!Number.isFinite(value)) return kNone;
  return value < 999.5 ? `${Plain(value, value < 9.95 ? 2 : 3)} ms` : `${Plain(value / 1000)} s`;
}

export function Bytes(value) {
  if (!Number.isFinite(value)) return kNone;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  for (; value >= 999.5 && unit < 4; ++unit) value /= 1024;
  return `${Plain(value)} ${units[unit]}`;
}

export function Interval(value, low, high) {
  return Number.isFinite(low) && Number.isFinite(high) ? `${Plain(value)} (${Plain(low)} to ${Plain(high)})` : Plain(value);
}

// A setting is its canonical text or an object of knobs; nothing that differs from the defaults is "defaults".
export function SettingText(setting) {
  if (typeof setting === 'object' && setting !== null) {
    setting = Object.entries(setting).map(([knob, value]) => `${knob}=${value}`).join(' ');
  }
  return String(setting ?? '') || 'defaults';
}

export function Clock(time_ms) {
  const date = new Date(time_ms);
  return Number.isNaN(date.getTime()) ? kNone : date.toLocaleTimeString('en-GB');
}
