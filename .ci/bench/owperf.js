// What the clients of owperf do, as many of them as are asked for in one process: each invokes through OpenWhisk's library for
// Node.js, waits for the record, keeps what it tells of the time, and begins again.
//
//   node owperf.js URL AUTH CLIENTS SECONDS BODY
const fs = require("fs");
const openwhisk = require("openwhisk");

const [apihost, api_key, clients, seconds, body] = process.argv.slice(2);
const ow = openwhisk({ apihost, api_key, namespace: "_" });
const params = JSON.parse(fs.readFileSync(body));
const end = Date.now() + Number(seconds) * 1000;
const samples = [];

async function client() {
  while (Date.now() < end) {
    const before = Date.now();
    const record = await ow.actions.invoke({ name: "bench", blocking: true, params });
    const after = Date.now();
    const wait = record.annotations.find((a) => a.key === "waitTime");
    const init = record.annotations.find((a) => a.key === "initTime");
    samples.push({ before, after, start: record.start, end: record.end, duration: record.duration, wait: wait && wait.value, init: init ? init.value : 0 });
  }
}

Promise.all(Array.from({ length: Number(clients) }, client)).then(() => console.log(samples.length, "calls"));
