# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""A small HTTPS server with chosen faults, for the tests of net.

    python3 https_server.py FOLDER SIZE

Makes a certificate in FOLDER (cert.pem), prints one line "PORT SHA256 HTTP_PORT" and serves SIZE pseudo-random bytes under
/BEHAVIOUR/model.gguf, by HTTPS on the first port and by HTTP on the other.
Every request is a line of FOLDER/log: "PATH RANGE IF-RANGE STATUS". Ends when its input is closed.
"""
import hashlib
import http.server
import os
import random
import ssl
import subprocess
import sys
import threading
import time

folder, size = sys.argv[1], int(sys.argv[2])
body = random.Random(7).randbytes(size)
log = open(os.path.join(folder, "log"), "a", buffering=1)
lock = threading.Lock()
seen = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def note(self, status):
        with lock:
            log.write(f"{self.path} {self.headers.get('Range', '-')} {self.headers.get('If-Range', '-')} {status}\n")

    def answer(self, status, headers=(), content=b""):
        self.note(status)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        how = self.path.split("/")[1]
        with lock:
            seen[how] = seen.get(how, 0) + 1
            times = seen[how]
        data, etag = body, '"one"'
        if how == "changed":  # the file is replaced after the first request
            data, etag = (body[::-1], '"zero"') if times == 1 else (body, '"one"')
        if how == "long":
            data = body + b"more"
        if how == "short":
            data = body[:-1]
        if how == "wrong":
            data = body[:-1] + bytes([body[-1] ^ 1])
        if how == "missing":
            return self.answer(404, content=b"<html>not here</html>")
        if how == "forbidden":
            return self.answer(403)
        if how == "busy" and times <= 2:
            return self.answer(503, [("Retry-After", "0")], b"later")
        if how == "down":
            return self.answer(500)
        if how == "redirect":
            return self.answer(302, [("Location", "/plain/model.gguf"), ("ETag", '"redirect"')], b"elsewhere")
        if how == "to-http":
            return self.answer(302, [("Location", f"http://127.0.0.1:{unencrypted.server_port}/plain/model.gguf")])
        if how == "circle":
            return self.answer(302, [("Location", "/circle/model.gguf")])
        if how == "endless":
            return self.endless()
        self.serve(how, times, data, etag)

    def serve(self, how, times, data, etag):
        start, status = 0, 200
        wanted = self.headers.get("Range", "")
        condition = self.headers.get("If-Range")
        if wanted.startswith("bytes=") and how != "no-range" and condition in (None, etag):
            start, status = int(wanted[6:].rstrip("-")), 206
            if start >= len(data):
                return self.answer(416, [("Content-Range", f"bytes */{len(data)}")])
        self.note(status)
        self.send_response(status)
        if how == "weak":
            self.send_header("ETag", 'W/"one"')
        elif how != "no-etag":
            self.send_header("ETag", etag)
        if status == 206:
            lie = 1 if how == "wrong-range" else 0
            self.send_header("Content-Range", f"bytes {start + lie}-{len(data) - 1}/{len(data)}")
        if how == "quiet-long":  # more than expected, and does not say so beforehand
            self.send_header("Connection", "close")
            self.close_connection = True
            data += b"x" * 5_000_000
        else:
            self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        rest = data[start:]
        if how in ("cut", "changed", "no-etag", "weak", "no-range", "wrong-range") and times == 1:
            rest = rest[: len(rest) // 2]
            self.close_connection = True
        if how == "slow":
            for i in range(0, len(rest), 4096):
                self.wfile.write(rest[i : i + 4096])
                time.sleep(0.02)
            return
        if how == "stuck":
            self.wfile.write(rest[:1000])
            time.sleep(60)
            return
        self.wfile.write(rest)

    def endless(self):
        self.note(200)
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(b"y" * 65536)
        except OSError:
            pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # clients that hang up are what the tests are about


certificate, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
     "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
    check=True, capture_output=True)
server = Server(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
unencrypted = Server(("127.0.0.1", 0), Handler)
for each in (server, unencrypted):
    threading.Thread(target=each.serve_forever, daemon=True).start()
print(server.server_port, hashlib.sha256(body).hexdigest(), unencrypted.server_port, flush=True)
sys.stdin.read()
