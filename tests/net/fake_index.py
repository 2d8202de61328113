# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""A package index on this machine for the tests of net.

    python3 fake_index.py FOLDER SIZE

Makes wheels of SIZE pseudo-random bytes in FOLDER and serves them as pip expects. Prints "PORT SHA256 SHA256_OF_PARTS".
    demo-model 1.0                demo_model/model.gguf
    demo-part1, demo-part2 1.0    demo_partN/data/part0N.bin, which joined are another file
    demo-source 1.0               a source archive alone, whose build leaves a file FOLDER/ran when it runs
    demo-broken 1.0               a wheel whose entry is damaged
Every request is a line of FOLDER/log.
"""
import base64
import hashlib
import http.server
import io
import os
import random
import sys
import tarfile
import threading
import zipfile

folder, size = sys.argv[1], int(sys.argv[2])
log = open(os.path.join(folder, "log"), "a", buffering=1)
source = random.Random(11)
files = {}  # project -> [(file name, bytes)]


def wheel(project, inner, content):
    module = project.replace("-", "_")
    info = f"{module}-1.0.dist-info"
    entries = {
        f"{module}/__init__.py": b"raise SystemExit('a package must never be imported')\n",
        inner: content,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, data in entries.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(data)}\n"
    entries[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    files[project] = [(f"{module}-1.0-py3-none-any.whl", out.getvalue())]


def source_archive(project):
    out = io.BytesIO()
    canary = os.path.join(folder, "ran")
    backend = f"open({canary!r}, 'w').write('ran')\n".encode()
    project_file = b'[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    info = f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n".encode()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in {"backend.py": backend, "pyproject.toml": project_file, "PKG-INFO": info}.items():
            member = tarfile.TarInfo(f"{project}-1.0/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    files[project] = [(f"{project}-1.0.tar.gz", out.getvalue())]


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        log.write(self.path + "\n")
        parts = self.path.strip("/").split("/")
        content, kind = None, "text/html"
        if len(parts) == 2 and parts[0] == "simple" and parts[1] in files:
            links = "".join(f'<a href="/files/{parts[1]}/{name}#sha256={hashlib.sha256(data).hexdigest()}">{name}</a>' for name, data in files[parts[1]])
            content = f"<!DOCTYPE html><html><body>{links}</body></html>".encode()
        elif len(parts) == 3 and parts[0] == "files":
            content, kind = dict(files.get(parts[1], [])).get(parts[2]), "application/octet-stream"
        self.send_response(200 if content is not None else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")


model = source.randbytes(size)
parts = [source.randbytes(size // 2), source.randbytes(size // 3)]
wheel("demo-model", "demo_model/model.gguf", model)
wheel("demo-part1", "demo_part1/data/part01.bin", parts[0])
wheel("demo-part2", "demo_part2/data/part02.bin", parts[1])
source_archive("demo-source")
wheel("demo-broken", "demo_broken/model.gguf", model)
name, data = files["demo-broken"][0]
at = data.index(b"demo_broken/model.gguf") + 5000
files["demo-broken"] = [(name, data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :])]

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, hashlib.sha256(model).hexdigest(), hashlib.sha256(b"".join(parts)).hexdigest(), flush=True)
sys.stdin.read()
