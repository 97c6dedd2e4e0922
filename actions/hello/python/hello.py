import time


def main(args):
    start = int(time.time() * 1000)
    return {"greeting": "Hello, %s!" % args.get("name", "stranger"), "start": start}
