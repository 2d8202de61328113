// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Elements from data. Text goes in as text nodes only, so nothing that a server or a model says is ever read as markup.
//   El('p', {class: 'note'}, 'text', El('b', {}, 'more'))

function Fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value || value === 0) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

export function El(name, attributes, ...children) {
  return Fill(document.createElement(name), attributes, children);
}

export function Svg(name, attributes, ...children) {
  return Fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

export function Id(id) {
  return document.getElementById(id);
}

// Writes only what differs: some screen readers say again what is set again.
export function SetText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
