"""Workers of one training, as processes that talk over loopback."""

import os
import socket
import subprocess
import sys


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def start(arguments, logs, *, workers=2):
    """Starts `kerasgan train ARGUMENTS` on each worker; what they print goes to files in `logs`."""
    addresses = ",".join(f"127.0.0.1:{port}" for port in free_ports(workers))
    processes = []
    for index in range(workers):
        command = [sys.executable, "-m", "kerasgan", "train", *map(str, arguments)]
        command += ["--workers", addresses, "--worker-index", str(index)]
        with (logs / f"{index}.log").open("w") as log:
            processes.append(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # The allocator's settings would restart the process under the same number.
                    env={**os.environ, "MALLOC_TOP_PAD_": "1000", "OMP_NUM_THREADS": "1"},
                )
            )
    return processes
