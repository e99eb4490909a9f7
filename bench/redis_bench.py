#!/usr/bin/env python3
"""Durable events a second: the kernel's writer beside Redis Streams with appendfsync always.

usage: redis_bench.py BIN_DIR [--pairs 5]

Both make groups of 64 durable with one sync each, on the same disk: redis-benchmark with one connection that pipelines 64
XADD of 500 bytes, and writer_bench deciding 64 commands, each of which becomes one event of about that size. What Redis
appends is the event alone; the kernel's batch also holds the state, its timer, its indexes, the answer for the request id
and the hash chain. Pairs back to back, medians.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time

from city_bench import Foreign, free_port, mark, row

EVENT_BYTES = 500
EVENTS = 100_000


def start_redis(folder):
    port = free_port()
    child = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "",
                              "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0"],
                             stdout=subprocess.DEVNULL)
    for _ in range(100):
        if subprocess.run(["redis-cli", "-p", str(port), "ping"], capture_output=True, text=True).stdout.strip() == "PONG":
            return child, port
        time.sleep(0.05)
    child.kill()
    raise RuntimeError("redis-server did not start")


def redis_rate(port):
    out = subprocess.run(["redis-benchmark", "-p", str(port), "-n", str(EVENTS), "-P", "64", "-c", "1", "--csv", "XADD", "s",
                          "*", "event", "e" * EVENT_BYTES], check=True, capture_output=True, text=True).stdout
    return float(re.search(r'"([\d.]+)"', out.strip().splitlines()[-1].split(",", 1)[1]).group(1))


def writer_rate(bin_dir):
    out = subprocess.run([os.path.join(bin_dir, "writer_bench"), "20000", "1", "jar"], check=True, capture_output=True,
                         text=True).stdout
    return float(re.search(r"\| (\d+) /s \| \d+ /s \|", out).group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bin")
    parser.add_argument("--pairs", type=int, default=5)
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="fengqiao-bench-")
    redis, port = start_redis(folder)
    try:
        pairs, foreign = [], []
        for _ in range(args.pairs):
            watch = Foreign([redis.pid])
            limit = redis_rate(port)
            pairs.append((writer_rate(args.bin), limit))
            foreign.append(watch.cores())
        ratios = [product / limit for product, limit in pairs]
        print("| measure | product | limit | ratio [least–most] | aim | foreign cores |\n| --- | --- | --- | --- | --- | --- |")
        row("durable events, groups of 64", "%.0f /s" % statistics.median(p for p, _ in pairs),
            "Redis Streams, always: %.0f /s" % statistics.median(r for _, r in pairs),
            "**%.2f** [%.2f–%.2f]" % (statistics.median(ratios), min(ratios), max(ratios)), "≥ 1.5", mark(max(foreign)))
    finally:
        redis.terminate()
        redis.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
