"""Workers of one training, as processes that talk over loopback."""

import os
import socket
import subprocess
import sys

COMMAND = [sys.executable, "-m", "kerasgan", "train"]
# The allocator's settings would restart the process under the same number.
ENVIRONMENT = {**os.environ, "MALLOC_TOP_PAD_": "1000", "OMP_NUM_THREADS": "1"}
ENVIRONMENT.pop("TF_CONFIG", None)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def start(arguments, logs, *, others, cache):
    """Starts `kerasgan train ARGUMENTS` on two workers; what they print goes to files in `logs`.

    The arguments of the second one are `others`.
    """
    environment = {**ENVIRONMENT, "KERASGAN_CACHE": str(cache)}
    addresses = ",".join(f"127.0.0.1:{port}" for port in free_ports(2))
    processes = []
    for index, given in enumerate([arguments, others]):
        command = [*COMMAND, *map(str, given), "--workers", addresses, "--worker-index", str(index)]
        with (logs / f"{index}.log").open("w") as log:
            processes.append(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment,
                )
            )
    return processes
