# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""A server under more than it can carry: independent arrivals (Poisson) at a multiple of its capacity, each with times that it wants kept.

  overload.py PORT PID --seconds 600 [--times 4] [--slo 3]

First a client alone (what TTFT and TPOT are without load), then as many clients as keep it busy (what it carries), then the overload. Each
request wants its first token within --slo times the unloaded TTFT, and its last within --slo times the unloaded total. Fails unless: of the
admitted 95 % are within both; every other one got 429 or 503 with Retry-After, or 504 with deadline_exceeded, and at least one was refused;
none is without an answer; the server's resident memory grows by less than 64 MiB between the second tenth of the time and its end.
"""
import argparse
import asyncio
import json
import random
import statistics
import sys
import time

PROMPT_WORDS = "the quick brown fox jumps over a lazy dog while seven tall ships sail past old harbour walls in evening light".split()
TOKENS = 32


def resident_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


async def ask(port, draw, budget):
    words = " ".join(draw.choice(PROMPT_WORDS) for _ in range(64))
    body = json.dumps({"prompt": words, "max_tokens": TOKENS, "temperature": 0, "ignore_eos": True, "stream": True, "budget": budget})
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"POST /v1/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        status = int((await reader.readline()).split()[1])
        headers = {}
        while (line := (await reader.readline()).strip()):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        times, finish = [], None
        async for line in reader:
            if not line.startswith(b"data: {"):
                continue
            choice = (json.loads(line[6:]).get("choices") or [{}])[0]
            if choice.get("text"):
                times.append(time.perf_counter() - start)
            finish = choice.get("finish_reason") or finish
        return {"status": status, "retry": headers.get("retry-after"), "finish": finish,
                "ttft": times[0] if times else None, "total": times[-1] if times else None}
    finally:
        writer.close()


async def unloaded(port):
    draw = random.Random(1)
    answers = [await ask(port, draw, {}) for _ in range(12)][2:]
    return statistics.median(a["ttft"] for a in answers), statistics.median(a["total"] for a in answers)


async def capacity(port, clients=24, each=4):
    async def client(seed):
        draw = random.Random(seed)
        for _ in range(each):
            await ask(port, draw, {})

    start = time.perf_counter()
    await asyncio.gather(*(client(100 + i) for i in range(clients)))
    return clients * each / (time.perf_counter() - start)


async def overload(args, rate, slo):
    draw = random.Random(7)
    budget = {"ttft_ms": slo[0] * 1e3, "deadline_ms": slo[1] * 1e3}
    tasks, memory = [], []
    start = time.perf_counter()
    due = start
    while time.perf_counter() - start < args.seconds:
        due += draw.expovariate(rate)
        await asyncio.sleep(max(0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(ask(args.port, random.Random(draw.random()), budget)))
        if time.perf_counter() - start > args.seconds * 0.1 and (not memory or len(tasks) % 50 == 0):
            memory.append(resident_mib(args.pid))
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    memory.append(resident_mib(args.pid))
    return answers, memory


def judge(answers, memory, slo):
    lost = [a for a in answers if isinstance(a, Exception)]
    answers = [a for a in answers if not isinstance(a, Exception)]
    admitted = [a for a in answers if a["status"] in (200, 504)]
    kept = [a for a in admitted if a["status"] == 200 and a["finish"] == "length" and a["ttft"] <= slo[0] and a["total"] <= slo[1]]
    refused = [a for a in answers if a["status"] in (429, 503)]
    wrong = [a for a in answers if a["status"] not in (200, 429, 503, 504) or (a["status"] in (429, 503) and not a["retry"])]
    grown = memory[-1] - memory[0]
    report = {"requests": len(answers) + len(lost), "admitted": len(admitted), "kept": len(kept), "refused": len(refused), "wrong": len(wrong),
              "lost": len(lost), "memory_grew_mib": round(grown, 1), "kept_share": len(kept) / max(1, len(admitted))}
    print(json.dumps(report))
    if lost:
        print("overload: lost:", repr(lost[0]), file=sys.stderr)
    if wrong:
        print("overload: wrong:", wrong[0], file=sys.stderr)
    return not lost and not wrong and refused and admitted and report["kept_share"] >= 0.95 and grown < 64


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("pid", type=int)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--times", type=float, default=4)
    parser.add_argument("--slo", type=float, default=3)
    args = parser.parse_args()
    ttft, total = await unloaded(args.port)
    carried = await capacity(args.port)
    slo = (args.slo * ttft, args.slo * total)
    print(f"overload: unloaded TTFT {ttft * 1e3:.1f} ms, total {total * 1e3:.1f} ms; carries {carried:.2f} requests/s; now {args.times:g} times that for "
          f"{args.seconds:g} s, wanting {slo[0] * 1e3:.0f} ms and {slo[1] * 1e3:.0f} ms", file=sys.stderr)
    answers, memory = await overload(args, carried * args.times, slo)
    return 0 if judge(answers, memory, slo) else 1


sys.exit(asyncio.run(main()))
