"""A function that loads much of Python's library before it can work, as programs with a framework do."""
import asyncio
import decimal
import email.mime.multipart
import hashlib
import http.server
import json
import logging.config
import sqlite3
import time
import unittest
import urllib.request
import xml.dom.minidom


def main(args):
    """{name} to {greeting, digest, start, rows}."""
    start = int(time.time() * 1000)
    greeting = f"Hello, {args.get('name', 'stranger')}!"
    database = sqlite3.connect(":memory:")
    database.execute("create table greetings (text)")
    database.executemany("insert into greetings values (?)", [(greeting,)] * 100)
    rows = database.execute("select count(*) from greetings").fetchone()[0]
    return {"greeting": greeting, "digest": hashlib.sha256(greeting.encode()).hexdigest(), "start": start, "rows": rows}
