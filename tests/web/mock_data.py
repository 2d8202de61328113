# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""What the mock server says: models, a frontier, metrics as functions of the time, decisions, answers."""

import math

ANSWER = (
    "Trade winds blow from the subtropical highs towards the equator. They are turned west by the rotation of the Earth, at about 3.5 to 7 "
    "metres per second. Sailors relied on them for centuries! Their name comes from an old word for a steady course."
)
FOREIGN = "Passatwinde wehen stetig: „genau so“. 貿易風は一年中吹く。とても安定している。 Und das war’s 🌬."
MARKUP = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> **done**."
HOSTILE = "<b id=injected>layers=20</b>"


def models():
    names = ["auto", "auto-fast", "auto-best", "smollm2-135m-instruct", "qwen2.5-0.5b-instruct"]
    return {"object": "list", "data": [{"id": name, "object": "model", "created": 0, "owned_by": "tradewind"} for name in names]}


# setting, quality, half its interval, ttft, tpot, memory in MiB, on the frontier, current
POINTS = [
    ("smollm2-135m-instruct quant=q4_0 layers=20", 0.312, 0.016, 41, 4.1, 131, True, False),
    ("smollm2-135m-instruct quant=q8_0", 0.352, 0.017, 63, 6.4, 204, True, False),
    ("smollm2-135m-instruct quant=f16", 0.353, 0.017, 92, 10.2, 331, False, False),
    ("smollm2-360m-instruct quant=q4_k", 0.397, 0.017, 118, 11.8, 288, True, False),
    ("qwen2.5-0.5b-instruct quant=q4_k layers=20", 0.371, 0.018, 133, 13.5, 402, False, False),
    ("qwen2.5-0.5b-instruct quant=q4_k", 0.441, 0.018, 171, 16.9, 433, True, True),
    ("qwen2.5-0.5b-instruct quant=q8_0", 0.452, 0.018, 236, 24.8, 610, True, False),
    ("smollm2-1.7b-instruct quant=q4_k", 0.518, 0.019, 488, 47.5, 1190, True, False),
    ("smollm2-1.7b-instruct quant=q6_k kv_type_k=q8_0 kv_type_v=q8_0", 0.515, 0.019, 590, 61.2, 1544, False, False),
    ("smollm2-1.7b-instruct quant=q8_0", 0.533, 0.019, 702, 78.0, 1930, True, False),
]


def frontier(empty):
    points = [
        dict(setting=s, quality=q, quality_low=q - w, quality_high=q + w, ttft_ms=t, tpot_ms=p, memory_bytes=m << 20, on_frontier=f, current=c)
        for s, q, w, t, p, m, f, c in POINTS
    ]
    return {"workload": "arc-challenge, 400 questions", "metric": "accuracy", "direction": "higher", "unit": "share", "points": [] if empty else points}


def metrics(at):
    """After `at` seconds: one request ends each half second, with latencies that sway; nothing at 0."""
    lines = ["# HELP tradewind:num_requests_running Requests in the batch.", "# TYPE tradewind:num_requests_running gauge"]
    busy = at > 0
    running = round(3 + 2 * math.sin(at / 5)) if busy else 0
    waiting = max(0, round(4 * math.sin(at / 9))) if busy else 0
    # Two models, whose values the page adds up.
    for model, share in (("smollm2", 1), ("qwen", 0)):
        label = f'{{model_name="{model}"}}'
        lines += [
            f"tradewind:num_requests_running{label} {running * share}",
            f"tradewind:num_requests_waiting{label} {waiting * share}",
            f"tradewind:kv_cache_usage_perc{label} {0.31 * share + 0.05 if busy else 0}",
            f"tradewind:prompt_tokens_total{label} {int(at * 120) * share}",
            f"tradewind:generation_tokens_total{label} {int(at * 35) * share}",
        ]
    lines += histogram("tradewind:time_to_first_token_seconds", [0.05, 0.1, 0.2, 0.4, 0.8], at, 0.18)
    lines += histogram("tradewind:time_per_output_token_seconds", [0.005, 0.01, 0.02, 0.04, 0.08], at, 0.017)
    return "\n".join(lines) + "\n"


def histogram(name, bounds, at, middle):
    values = [middle * (1 + 0.6 * math.sin(i * 2.4)) for i in range(int(at * 2))]
    lines = [f"# TYPE {name} histogram"]
    lines += [f'{name}_bucket{{model_name="smollm2",le="{b}"}} {sum(v <= b for v in values)}' for b in bounds]
    lines += [f'{name}_bucket{{model_name="smollm2",le="+Inf"}} {len(values)}']
    return lines + [f'{name}_sum{{model_name="smollm2"}} {sum(values)}', f'{name}_count{{model_name="smollm2"}} {len(values)}']


def decision(number, time_ms):
    setting, _, _, ttft, tpot, _, _, _ = POINTS[number % len(POINTS)]
    return {
        "id": number,
        "time_ms": time_ms,
        "model": setting.split(" ")[0],
        "setting": HOSTILE if number == 3 else " ".join(setting.split(" ")[1:]),
        "reason": "fits 20 ms per token at the present load" if number % 2 else "the best there is; no limit was asked for",
        "predicted": {"ttft_ms": ttft, "tpot_ms": tpot},
        "got": {"ttft_ms": ttft * 1.07, "tpot_ms": tpot * 0.96},
        "finish_reason": "deadline" if number == 4 else "stop",
        "prompt_tokens": 12 * number,
        "output_tokens": 41 + number,
    }


def last_event(request, tokens):
    return {
        "choices": [],
        "usage": {"prompt_tokens": 37, "completion_tokens": tokens, "total_tokens": 37 + tokens},
        "tradewind": {
            "setting": {"model": "qwen2.5-0.5b-instruct", "quant": "q4_k", "layers": 24},
            "predicted": {"ttft_ms": 171, "tpot_ms": 16.9, "total_ms": 1160},
            "got": {"ttft_ms": 183.2, "tpot_ms": 16.1, "total_ms": 1120.7},
            "reason": f"fits {request.get('budget', {}).get('tpot_ms', 'any number of')} ms per token at the present load",
            "quality": {"value": 0.441, "low": 0.423, "high": 0.459},
        },
    }
