import subprocess
import sys

import pytest

from kerasgan.data.decoder import Decoder
from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.decoding import prepare_parts
from kerasgan.wikiart.preparer.parts import Part
from tests.wikiart.sources import write_dump


def test_processes_that_decode_need_no_tensorflow():
    code = "import sys, kerasgan.wikiart.preparer.decoding; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_process_that_is_ended_from_outside_is_told(tmp_path):
    source = write_dump(tmp_path / "dump", {"Pop_Art/a_b.jpg": None})
    part = Part(0, str(tmp_path), str(source), "", ("wikiart/Pop_Art/a_b.jpg",), _Ending(8))
    with pytest.raises(UserError, match="workers"):
        prepare_parts([part], workers=2, progress=False)


class _Ending(Decoder):
    """Ends its process, as the system does when memory runs out."""

    def picture(self, file):
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)
