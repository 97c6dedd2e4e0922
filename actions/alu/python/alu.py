"""Adds numbers, the way a processor is kept busy: alone, in processes of one function, or in many functions."""
import base64
import json
import multiprocessing
import os
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def add(begin, end):
    """The sum of begin … end-1, number by number."""
    total = 0
    for i in range(begin, end):
        total += i
    return total


def parts(n, k):
    """Cuts 0 … n into k ranges."""
    return [(n * i // k, n * (i + 1) // k) for i in range(k)]


def answer(began, total, **more):
    return {"total": total, "execTime": (time.time() - began) * 1000, **more}


def main(args):
    """{begin, end} to {total, execTime}: what one worker does. execTime is in ms, as in the others."""
    began = time.time()
    return answer(began, add(args.get("begin", 0), args["end"]))


def sequential(args):
    """{n} to {total, execTime}: all of it in one go."""
    began = time.time()
    return answer(began, add(0, args["n"]))


def _worker(pipe, begin, end):
    pipe.send(add(begin, end))
    pipe.close()


def infunction(args):
    """{n, parallel} to {total, execTime}: in so many processes of this container."""
    began = time.time()
    jobs = []
    for begin, end in parts(args["n"], args["parallel"]):
        here, there = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=_worker, args=(there, begin, end))
        process.start()
        jobs.append((process, here))
    total = sum(here.recv() for _, here in jobs)
    for process, _ in jobs:
        process.join()
    return answer(began, total)


def parallel(args):
    """{n, parallel, worker} to {total, execTime, workers}: in so many calls of the action worker, all at a time. workers is
    each one's own execTime."""
    began = time.time()
    url = f"{os.environ['__OW_API_HOST']}/api/v1/namespaces/_/actions/{args['worker']}?blocking=true&result=true"
    key = base64.b64encode(os.environ["__OW_API_KEY"].encode()).decode()

    def call(part):
        request = urllib.request.Request(url, method="POST", data=json.dumps({"begin": part[0], "end": part[1]}).encode(),
                                         headers={"Content-Type": "application/json", "Authorization": "Basic " + key})
        with urllib.request.urlopen(request) as response:
            if response.status != 200:
                raise RuntimeError(f"the worker answered {response.status}")
            return json.load(response)

    with ThreadPoolExecutor(args["parallel"]) as pool:
        results = list(pool.map(call, parts(args["n"], args["parallel"])))
    return answer(began, sum(r["total"] for r in results), workers=[r["execTime"] for r in results])


def request_of(url):
    """The request of a URL, which may hold a login that urllib wants apart."""
    at = urllib.parse.urlsplit(url)
    login, _, host = at.netloc.rpartition("@")
    request = urllib.request.Request(at._replace(netloc=host).geturl())
    if login:
        request.add_header("Authorization", "Basic " + base64.b64encode(urllib.parse.unquote(login).encode()).decode())
    return request


def fetch(args):
    """{store, key} to {n, fetchTime}: reads the document key of a CouchDB."""
    began = time.time()
    with urllib.request.urlopen(request_of(f"{args['store']}/{args['key']}")) as response:
        document = json.load(response)
    return {"n": document["n"], "fetchTime": (time.time() - began) * 1000}


def compute(args):
    """{n, parallel} to {total, execTime}, and fetchTime of the step before."""
    return {**infunction(args), "fetchTime": args.get("fetchTime", 0)}


def together(args):
    """Both steps in one function."""
    return compute({**args, **fetch(args)})
