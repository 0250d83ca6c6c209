"""Runs a kernel's module in wasmtime: `wasmtime_run.py k.wasm N REPETITIONS [CPU]`.

Prints what main.c prints for the other variants.
"""

import os
import sys
import time

import wasmtime

path, n, repetitions = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
if len(sys.argv) > 4:
    os.sched_setaffinity(0, [int(sys.argv[4])])
store = wasmtime.Store()
instance = wasmtime.Instance(store, wasmtime.Module.from_file(store.engine, path), [])
run = instance.exports(store)["bench_run"]
for _ in range(repetitions):
    start = time.process_time_ns()
    total = run(store, n) & 0xFFFFFFFFFFFFFFFF
    print(f"{total:016x} {time.process_time_ns() - start}")
