"""Lets the runner of WebAssembly/wasi-testsuite run its tests with wardian.

    run-tests -r tests/wasi/adapter/wardian.py

WARDIAN is the command, with options of `wardian run` after it if need be:
    WARDIAN="wardian run --memory=bounds"
"""

import os
import shlex
import subprocess

COMMAND = shlex.split(os.getenv("WARDIAN", "wardian run"), posix=os.name != "nt")


def get_name():
    return "wardian"


def get_version():
    version = subprocess.run(
        [COMMAND[0], "--version"], capture_output=True, check=True, encoding="utf-8"
    )
    return version.stdout.split()[-1]


def get_wasi_versions():
    return ["wasm32-wasip1"]


def get_wasi_worlds():
    return ["wasi:cli/command"]


def get_timeout_seconds():
    # The first run of a module translates and compiles it.
    return 60


def compute_argv(test_path, args_env_root, proposals, wasi_world, wasi_version):
    args, env, root = args_env_root
    options = [part for item in env.items() for part in ("--env", "=".join(item))]
    if root:
        options += ["--dir", f"{root}::/"]
    return [*COMMAND, *options, test_path, *args]
