// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Requests to the server that this page came from, and what people can do when one fails. Addresses are relative, so that the page works
// under any folder of a proxy. The API key lives in this tab's sessionStorage and nowhere else.

import {EventReader} from './sse.js';

const kKey = 'tradewind-api-key';

export function ApiKey() {
  return sessionStorage.getItem(kKey) ?? '';
}

export function SetApiKey(key) {
  sessionStorage.setItem(kKey, key);
}

// A failure as people read it: what happened, and the remedy. status is 0 where no answer came.
export class Problem extends Error {
  constructor(message, remedy, status = 0) {
    super(message);
    Object.assign(this, {remedy, status});
  }
}

const kRemedies = {
  400: 'Change what the message names and ask again.',
  401: 'Enter the server\'s key under "API key" at the top of the page.',
  404: 'Choose another model, or load this one on the server.',
  500: 'The log of the server says more.',
  504: 'Allow a longer deadline, move the slider towards "fastest", or shorten the text.',
};

function RemedyOf(status, retry_after) {
  if (status !== 429 && status !== 503) return kRemedies[status] ?? kRemedies[status < 500 ? 400 : 500];
  const when = /^\d+$/.test(retry_after ?? '') ? `in ${retry_after} s` : 'in a moment';
  return `Try again ${when}${status === 503 ? ', or allow a cheaper setting when busy' : ''}.`;
}

// From OpenAI's {message, ...}, to which our server may add a remedy of its own.
function ProblemOf(error, status, retry_after) {
  const message = String(error?.message ?? error ?? '') || `The server answered with status ${status}.`;
  return new Problem(message, String(error?.remedy ?? RemedyOf(status, retry_after)), status);
}

async function Fetch(path, options = {}) {
  const headers = {...options.headers};
  if (ApiKey() !== '') headers.Authorization = `Bearer ${ApiKey()}`;
  let response;
  try {
    response = await fetch(path, {...options, headers, cache: 'no-store', credentials: 'omit', redirect: 'error'});
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const key = /[^\x20-\x7e]/.test(ApiKey());
    throw new Problem(key ? 'The API key holds a character that a header cannot carry.' : 'The server does not answer.',
                      key ? kRemedies[401] : `Check that tradewind serve still runs at ${location.host}, then try again.`);
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw ProblemOf(body?.error, response.status, response.headers.get('retry-after'));
}

export async function GetText(path) {
  return (await Fetch(path)).text();
}

export async function GetJson(path) {
  return JSON.parse(await GetText(path));
}

// Sends a chat and calls on_chunk with the object of each event. Resolves once the server said [DONE].
export async function StreamChat(request, signal, on_chunk) {
  const response = await Fetch('v1/chat/completions', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({...request, stream: true, stream_options: {include_usage: true}}),
    signal,
  });
  let done = false;
  const events = new EventReader((event) => {
    done ||= event.data === '[DONE]';
    if (done) return;
    const chunk = JSON.parse(event.data);
    if (chunk.error) throw ProblemOf(chunk.error, Number(chunk.error.code) || 500);
    on_chunk(chunk);
  });
  try {
    await ReadAll(response.body.getReader(), events);
  } catch (error) {
    if (signal.aborted || error instanceof Problem) throw error;
    done = false;
  }
  if (!done) throw new Problem('The connection broke before the answer ended.', 'What came is above; ask again for a whole answer.');
}

async function ReadAll(reader, events) {
  const decoder = new TextDecoder();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) events.Feed(decoder.decode(part.value, {stream: true}));
  } finally {
    reader.cancel().catch(() => {});  // after an error, so that the server stops computing
  }
}
