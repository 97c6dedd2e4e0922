"""Uses memory and a processor for as long as it is told."""
import time


def main(args):
    """{ms, mb} to {ms, mb, rounds}: holds mb megabytes, every page of them touched, and computes until ms are over."""
    began = time.monotonic()
    held = bytearray(int(args.get("mb", 0) * 1_000_000))
    for page in range(0, len(held), 4096):
        held[page] = 1
    rounds = 0
    while (time.monotonic() - began) * 1000 < args.get("ms", 0):
        for i in range(1000):
            rounds = (rounds + i * i) % 1_000_003
    return {"ms": (time.monotonic() - began) * 1000, "mb": len(held) / 1_000_000, "rounds": rounds}
