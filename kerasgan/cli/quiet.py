"""TensorFlow without its greetings, and with the allocator settings that it runs fastest with."""

import os
import sys
import tempfile

# Without these, glibc returns and asks again for the large blocks of each step, in small pages.
_ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "20000000000",
    "MALLOC_TOP_PAD_": "268435456",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


def import_tensorflow_quietly() -> None:
    """Imports TensorFlow and finds its devices without what it prints about that on stderr.

    Those lines come from C++ before any log level is heeded. They are shown if the import fails.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as printed:
        os.dup2(printed.fileno(), 2)
        try:
            import tensorflow as tf

            tf.config.list_physical_devices()
        except BaseException:
            printed.seek(0)
            os.write(stderr, printed.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def restart_with_fast_allocator() -> None:
    """Starts this process anew with allocator settings that must be there from its start.

    They make training up to a tenth faster. A second call in the restarted process returns at
    once, as does the first where the user has set them or the system is not Linux.
    """
    if not sys.platform.startswith("linux") or any(name in os.environ for name in _ALLOCATOR):
        return
    os.environ.update(_ALLOCATOR)
    os.execv(sys.executable, [sys.executable, "-m", "kerasgan", *sys.argv[1:]])
