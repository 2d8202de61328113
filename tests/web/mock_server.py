# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Plays the server for the dashboard's tests: the page under the strict Content-Security-Policy, and the API behind it.

python3 mock_server.py WEB_FOLDER [--api-key KEY] [--empty]
prints "listening on http://127.0.0.1:PORT" and serves until it is killed. What a question holds decides how its answer goes (see Script).
GET /mock/seen tells the tests what was asked, and how many streams the page broke off.
"""

import argparse
import http.server
import json
import pathlib
import threading
import time
import urllib.parse

import mock_data

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class State:
    """What all connections share; guarded by its lock."""

    def __init__(self, options):
        self.lock = threading.Lock()
        self.options = options
        self.start = time.monotonic()
        self.seen = []
        self.broken_off = 0
        self.decisions = [] if options.empty else [mock_data.decision(i, time.time() * 1000 - 60000 + i * 9000) for i in range(1, 6)]

    def decide(self, request, tokens):
        with self.lock:
            number = len(self.decisions) + 1
            entry = mock_data.decision(number, time.time() * 1000)
            entry.update(output_tokens=tokens)
            self.decisions.append(entry)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = None

    def log_message(self, *_):
        pass

    def reply(self, status, body, kind="application/json", **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def fail(self, status, message, **headers):
        self.reply(status, {"error": {"message": message, "type": "mock", "code": None, "param": None}}, **headers)

    def allowed(self):
        key = self.state.options.api_key
        if key is None or self.headers.get("Authorization") == f"Bearer {key}":
            return True
        self.fail(401, "The API key is missing or wrong.")
        return False

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        name = url.path.lstrip("/") or "index.html"
        if name == "mock/seen":
            with self.state.lock:
                return self.reply(200, {"seen": self.state.seen, "broken_off": self.state.broken_off})
        file = pathlib.Path(self.state.options.web) / name
        if file.suffix in TYPES and "/" not in name and file.is_file():
            return self.reply(200, file.read_bytes(), TYPES[file.suffix])
        if not self.allowed():
            return None
        return self.api(name, urllib.parse.parse_qs(url.query))

    def api(self, name, query):
        empty = self.state.options.empty
        if name == "v1/models":
            return self.reply(200, mock_data.models())
        if name == "frontier":
            return self.reply(200, mock_data.frontier(empty))
        if name == "metrics":
            at = time.monotonic() - self.state.start
            return self.reply(200, mock_data.metrics(0 if empty else at).encode(), "text/plain; version=0.0.4")
        if name == "decisions":
            after = int(query.get("after", ["0"])[0])
            with self.state.lock:
                later = [d for d in self.state.decisions if d["id"] > after]
                return self.reply(200, {"next": len(self.state.decisions), "decisions": later})
        return self.fail(404, f"There is nothing at /{name}.")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not self.allowed():
            return
        request = json.loads(body)
        with self.state.lock:
            self.state.seen.append(request)
        question = request["messages"][-1]["content"]
        if "overload" in question:
            return self.fail(503, "The queue is full.", Retry_After="7")
        if "impossible" in question:
            return self.fail(400, "budget.ttft_ms: no loaded setting is that fast; the nearest takes 31 ms.")
        if "late" in question:
            return self.fail(504, "The deadline passed before the first token.")
        self.stream(request, question)

    def stream(self, request, question):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        script = Script(question)
        try:
            for piece in script.pieces:
                time.sleep(script.delay_s)
                self.event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}, script.split)
            if script.breaks:
                self.event({"error": {"message": "The worker ran out of memory.", "type": "server_error", "code": 500}})
            elif not script.cut:
                self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": script.finish}]})
                self.event(mock_data.last_event(request, len(script.pieces)))
                self.chunk(b"data: [DONE]\n\n")
                self.state.decide(request, len(script.pieces))
            if script.cut:
                self.close_connection = True
            else:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True
            with self.state.lock:
                self.state.broken_off += 1

    def event(self, value, split=False):
        data = b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"
        # Cut where it hurts: every three bytes, so also within a character and within the end of a line.
        for part in [data[i : i + 3] for i in range(0, len(data), 3)] if split else [data]:
            self.chunk(part)

    def chunk(self, data):
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


class Script:
    """How the answer to a question goes."""

    def __init__(self, question):
        text = mock_data.ANSWER
        self.delay_s = 0.01
        self.breaks = "break" in question
        self.cut = "cut" in question
        self.split = "split" in question
        self.finish = "length" if "short" in question else "stop"
        if "slow" in question:
            self.delay_s = 0.12
            text = text * 20
        if "split" in question:
            text = mock_data.FOREIGN
        if "markup" in question:
            text = mock_data.MARKUP
        if "long word" in question:
            text = "Here it is: " + "a" * 300 + " and no more."
        if "nothing" in question:
            text = ""
        words = text.split(" ")
        self.pieces = [word + (" " if i + 1 < len(words) else "") for i, word in enumerate(words)] if text else []
        if self.breaks or self.cut:
            self.pieces = self.pieces[:6]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("web")
    parser.add_argument("--api-key")
    parser.add_argument("--empty", action="store_true")
    Handler.state = State(parser.parse_args())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(f"listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
