#!/usr/bin/env python3
"""How long the page of a message's link takes, and how much it weighs.

Asks for a page of a running server, one request after the other on one connection, and
prints a line. What the client waits is measured: more than the server's own time.

    benchmarks/answer_page.py http://127.0.0.1:8069/o/LINK
"""

import argparse
import statistics
import time

import requests

WARM_UP = 20


def measure(url, times):
    """:return: (list of seconds, bytes of the page)"""
    taken = []
    with requests.Session() as session:
        for _ in range(times):
            begun = time.perf_counter()
            page = session.get(url, timeout=60)
            taken.append(time.perf_counter() - begun)
            page.raise_for_status()
    return taken[WARM_UP:], len(page.content)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("url", help="the link of a message")
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    taken, size = measure(options.url, options.times + WARM_UP)
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(
        f"{options.times} pages of {size} bytes: median"
        f" {statistics.median(taken) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
