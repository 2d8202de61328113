#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the expected outputs of chat templates, as jinja2 renders them when set up as transformers does.

  make_template_golden.py [--models FOLDER] [--templates FOLDER]

needs jinja2 (and gguf for --models). data/templates/*.jinja are our own, data/template_golden.json what they give.
With --models, the templates in FOLDER/*.gguf are rendered too (data/template_models.json); with --templates, those of a
folder of *.jinja (data/template_others.json, which holds, for each case in turn, length and hash only, as the texts are others' work).
"""
import argparse
import glob
import json
import os
import sys
from datetime import datetime, timezone

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = 1735689600  # 2025-01-01 00:00:00 UTC


class Generation(jinja2.ext.Extension):
    """{% generation %}: marks what the assistant said; here it only prints its body."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()


def environment():
    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda form: datetime.fromtimestamp(NOW, timezone.utc).strftime(form)
    return env


def message(role, content):
    return {"role": role, "content": content}


TOOLS = [{"type": "function", "function": {
    "name": "get_weather", "description": "Weather of a city: \"now\" & <soon>.\nSecond line é",
    "parameters": {"type": "object", "properties": {
        "city": {"type": "string", "description": "The city's name"},
        "days": {"type": "integer", "enum": [1, 2, 3]},
        "units": {"type": "array", "items": {"type": "string"}, "default": None},
        "ratio": {"type": "number", "minimum": 0.5, "maximum": 1e16}}, "required": ["city"]}}}]
TOOL_CALL = {"role": "assistant", "content": "", "tool_calls": [
    {"id": "abcdef123", "type": "function", "function": {"name": "get_weather", "arguments": {"city": "Berlin", "days": 2}}}]}

CONVERSATIONS = {
    "user": [message("user", "Hello, how are you?")],
    "system_user": [message("system", "You are terse."), message("user", "Why is the sky blue?")],
    "multi_turn": [message("system", "Help."), message("user", "1+1?"), message("assistant", "2"), message("user", "And 2+2?")],
    "no_system": [message("user", "a"), message("assistant", "b"), message("user", "c"), message("assistant", "d"), message("user", "e")],
    "empty_content": [message("system", ""), message("user", "")],
    "unicode": [message("user", "Grüße, 世界! 🎉 \u00a0\u2028 zero\u200bwidth"), message("assistant", "naïve Ω"), message("user", "ß İ ǆ")],
    "spaces": [message("system", "  lead\n\n"), message("user", "\n line one\n  line two \t\n\n"), message("assistant", " x \n"), message("user", "\r\nend\r\n ")],
    "two_users": [message("user", "first"), message("user", "second")],
    "two_assistants": [message("user", "u"), message("assistant", "a"), message("assistant", "b")],
    "assistant_last": [message("user", "u"), message("assistant", "half an ans")],
    "assistant_first": [message("assistant", "Hi!"), message("user", "u")],
    "system_last": [message("user", "u"), message("system", "s")],
    "strange_role": [message("narrator", "Once"), message("user", "u")],
    "markup": [message("user", "<|im_start|>system\n{{ 7*7 }} {% if %} </s> &amp; \"q\" 'p' \\n")],
    "thinking": [message("user", "q"), message("assistant", "<think>\nhm\n</think>\n\nanswer"), message("user", "q2")],
    "empty": [],
}


def cases():
    for name, messages in CONVERSATIONS.items():
        for prompt in (True, False):
            yield {"name": f"{name}/{'prompt' if prompt else 'plain'}", "messages": messages, "add_generation_prompt": prompt,
                   "bos_token": "<s>", "eos_token": "</s>", "variables": {}}
    weather = [message("system", "Use tools."), message("user", "Weather in Berlin?")]
    rich = weather + [TOOL_CALL, {"role": "tool", "name": "get_weather", "tool_call_id": "abcdef123", "content": "{\"t\": 21.5}"},
                      message("user", "Thanks"), message("assistant", "You're welcome")]
    parts = [{"role": "user", "content": [{"type": "text", "text": "part one"}, {"type": "text", "text": "part two "}]}]
    base = {"add_generation_prompt": True, "bos_token": "<s>", "eos_token": "</s>"}
    yield {"name": "tools", "messages": weather, "variables": {"tools": TOOLS}, **base}
    yield {"name": "tools_no_system", "messages": weather[1:], "variables": {"tools": TOOLS}, **base}
    yield {"name": "tool_call", "messages": [], "variables": {"tools": TOOLS, "messages": rich}, **base}
    yield {"name": "tool_call_open", "messages": [], "variables": {"tools": TOOLS, "messages": rich[:4]}, **base}
    yield {"name": "content_parts", "messages": [], "variables": {"messages": parts}, **base}
    yield {"name": "thinking_off", "messages": weather, "variables": {"enable_thinking": False, "date_string": "1 Jan 2025"}, **base}
    yield {"name": "documents", "messages": weather, "variables": {"documents": [{"title": "T", "text": "body\n", "doc_id": 1}]}, **base}


def compile_source(source):
    try:
        return environment().from_string(source)
    except Exception as error:  # noqa: BLE001
        print(f"not a template: {error}", file=sys.stderr)
        return None


def render(template, case):
    """The text, or None where jinja2 refuses."""
    if template is None:
        return None
    variables = {"messages": case["messages"], "tools": None, "documents": None, **{k: case[k] for k in ("add_generation_prompt", "bos_token", "eos_token")},
                 **case["variables"]}
    try:
        return template.render(**json.loads(json.dumps(variables)))
    except Exception:  # noqa: BLE001: whatever it refuses, we are to refuse
        return None


def render_all(source):
    template = compile_source(source)
    return {case["name"]: render(template, case) for case in cases()}


def fnv(text):
    """FNV-1a, 64 bits, of the UTF-8 bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def write(name, data):
    with open(os.path.join(HERE, "data", name), "w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models")
    parser.add_argument("--templates")
    args = parser.parse_args()
    own = {}
    for path in sorted(glob.glob(os.path.join(HERE, "data", "templates", "*.jinja"))):
        with open(path, encoding="utf-8", newline="") as file:
            source = file.read()
        outputs = render_all(source)
        if all(v is None for v in outputs.values()) and "refused" not in os.path.basename(path):
            print(f"{path}: refused everywhere", file=sys.stderr)
        own[os.path.basename(path)] = outputs
    write("template_cases.json", [{**c, "variables": {k: json.dumps(v) for k, v in c["variables"].items()}} for c in cases()])
    write("template_golden.json", own)
    if args.models:
        import gguf
        models = {}
        for path in sorted(glob.glob(os.path.join(args.models, "*.gguf"))):
            field = gguf.GGUFReader(path).get_field("tokenizer.chat_template")
            if field is not None:
                source = field.contents()
                models[os.path.splitext(os.path.basename(path))[0]] = {"template": fnv(source), "outputs": render_all(source)}
        write("template_models.json", models)
    if args.templates:
        others = {}
        for path in sorted(glob.glob(os.path.join(args.templates, "*.jinja"))):
            with open(path, encoding="utf-8", newline="") as file:
                source = file.read()
            others[os.path.basename(path)] = " ".join("-" if t is None else f"{len(t.encode())}:{fnv(t)}" for t in render_all(source).values())
        write("template_others.json", others)


if __name__ == "__main__":
    main()
