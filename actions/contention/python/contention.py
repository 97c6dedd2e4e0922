"""A neighbour that takes what others need, and a probe that feels it."""
import time


def cpu(args):
    """{ms} to {rounds}: computes for so long."""
    end, rounds = time.monotonic() + args.get("ms", 1000) / 1000, 0
    while time.monotonic() < end:
        for i in range(10_000):
            rounds += i & 1
    return {"rounds": rounds}


def memory(args):
    """{ms, mb} to {copied}: copies mb megabytes to and fro for so long; copied is in megabytes."""
    mb = args.get("mb", 32)
    one, other = bytearray(mb * 1_000_000), bytearray(mb * 1_000_000)
    end, copied = time.monotonic() + args.get("ms", 1000) / 1000, 0
    while time.monotonic() < end:
        other[:] = one
        one[:] = other
        copied += 2 * mb
    return {"copied": copied}


cache = {}


def probe(args):
    """{keys} to {hits, stored}: writes and reads so many keys of a cache that lives as long as the container."""
    keys = args.get("keys", 2000)
    for i in range(keys):
        cache[f"key-{i}"] = {"value": "x" * 64, "n": i}
    hits = sum(1 for i in range(keys) if cache.get(f"key-{i}", {}).get("n") == i)
    return {"hits": hits, "stored": len(cache)}


main = probe
