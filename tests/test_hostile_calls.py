"""Calls that nobody should make: each is refused in one line, and harms no file."""

import contextlib
import resource
import shutil
import signal
import sys
import time
import warnings

import pytest
import requests

from kerasgan.cli import quiet
from kerasgan.cli.main import main
from kerasgan.errors import UserError
from tests.hostile_calls import VALID, HostileCall, hostile_calls, parameters
from tests.hostile_files import write_files

_LONGEST = 30
_LONGEST_MESSAGE = 2200


@pytest.fixture
def hostile_folder(models, tmp_path, monkeypatch):
    """A folder of hostile files to be in, without network and other processes."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("KERASGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    monkeypatch.setattr(quiet.os, "execv", lambda *arguments: None)

    def offline(*arguments, **options):
        raise requests.ConnectionError("no network")

    @contextlib.contextmanager
    def no_crawler(job):
        raise UserError("no network")
        yield

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    monkeypatch.setattr(requests, "head", offline)
    monkeypatch.setattr(requests, "get", offline)
    monkeypatch.setattr("kerasgan.wikiart.scraper.scrape._crawler", no_crawler)
    from kerasgan.wikiart.preparer import prepare

    decode = prepare.prepare_parts
    monkeypatch.setattr(
        prepare,
        "prepare_parts",
        lambda parts, workers, progress: decode(parts, workers=1, progress=progress),
    )
    write_files(models)
    return tmp_path / "here"


class Faults:
    """What went wrong, by kinds, and what it took."""

    KINDS = ("traceback", "exit code", "message", "nonsense", "time", "left", "clobbered")

    def __init__(self):
        self.found = {kind: [] for kind in self.KINDS}
        self.calls = 0
        self.codes = {}

    def add(self, kind, call, what):
        words = " ".join(repr(word[:60]) for word in call.arguments)
        self.found[kind].append(f"kerasgan {words}\n    {what}")

    def text(self):
        lines = [f"{self.calls} calls, exit codes {self.codes}"]
        lines += [f"{kind}: {len(found)}" for kind, found in self.found.items()]
        lines += [f"{kind}: {each}" for kind, found in self.found.items() for each in found[:20]]
        return "\n".join(lines)

    def __bool__(self):
        return any(self.found.values())


def contents(folder):
    """What each file is and has in it, pipes and links unread."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_symlink():
            found[path] = str(path.readlink())
        elif path.is_file():
            found[path] = path.read_bytes()
        elif not path.is_dir():
            found[path] = "special"
    return found


def restore(before, after):
    for path in after.keys() - before.keys():
        path.unlink()
    for path, content in before.items():
        if after.get(path) != content and isinstance(content, bytes):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(content)


def run(call: HostileCall, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["kerasgan", *call.arguments])
    capsys.readouterr()

    def too_long(*_):
        raise TimeoutError("too long")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(_LONGEST)
    begun = time.monotonic()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default", UserWarning)  # They are shown, as to a user.
            main()
        code = 0
    except SystemExit as request:
        code = request.code or 0
    except BaseException as error:
        code = f"{type(error).__name__}: {error}"[:300]
    finally:
        signal.alarm(0)
    return code, time.monotonic() - begun, capsys.readouterr()


def check(calls, folder, monkeypatch, capsys) -> Faults:
    faults = Faults()
    before = contents(folder)
    outputs = ("out", "samples", "render", "morph", "blend", "latents", "preview", "wikiart")
    for call in calls:
        code, seconds, (_, err) = run(call, monkeypatch, capsys)
        faults.calls += 1
        faults.codes[str(code)] = faults.codes.get(str(code), 0) + 1
        if "Traceback" in err or isinstance(code, str):
            faults.add("traceback", call, f"{code} {err[-300:]}")
        elif code not in (0, 2):
            faults.add("exit code", call, f"{code} {err[-300:]}")
        if code == 2:
            lines = [line for line in err.splitlines() if line.startswith("Error: ")]
            if (
                len(lines) != 1
                or not err.endswith(f"{lines[0]}\n")
                or len(lines[0]) > _LONGEST_MESSAGE
            ):
                faults.add("message", call, err[:300])
        if code == 0 and call.is_nonsense:
            faults.add("nonsense", call, "exit code 0")
        if seconds > _LONGEST:
            faults.add("time", call, f"{seconds:.0f} s")
        after = contents(folder)
        for path in before.keys() - after.keys() | {
            path for path in before.keys() & after.keys() if after[path] != before[path]
        }:
            faults.add("clobbered", call, path)
        for path in after.keys() - before.keys():
            top = path.relative_to(folder).parts[0]
            # What was decoded stays, for the next call to go on from.
            is_output = top.startswith(outputs) and (code == 0 or top == "out.incomplete")
            if not is_output:
                faults.add("left", call, path)
        restore(before, after)
        for name in {path.name for path in folder.iterdir()} & {*outputs, "out.incomplete"}:
            shutil.rmtree(folder / name, ignore_errors=True)
    return faults


def test_every_command_has_a_valid_call():
    assert {path for path, _, _ in parameters()} == VALID.keys()


def test_valid_calls_work(hostile_folder, monkeypatch, capsys):
    from tests.hostile_calls import _words

    commands = {path: command for path, command, _ in parameters()}
    for path, values in VALID.items():
        call = HostileCall((*path, *_words(commands[path], values)), False)
        code, _, (_, err) = run(call, monkeypatch, capsys)
        # There is nothing to export, to animate, to count or to crawl here, and too little to
        # measure by; nobody is logged in to push.
        fails = path in {("zoo", "export"), ("progress",)} or path[-1] in (
            "stats",
            "scrape",
            "evaluate",
            "push",
        )
        expected = 2 if fails else 0
        assert code == expected, err


def test_hostile_calls_are_refused_in_one_line_and_harm_no_file(
    hostile_folder, monkeypatch, capsys
):
    faults = check(hostile_calls(360, seed=0), hostile_folder, monkeypatch, capsys)
    assert not faults, faults.text()


@pytest.mark.slow
def test_thousands_of_hostile_calls_are_refused_too(
    hostile_folder, monkeypatch, capsys, random_seed
):
    begun = time.monotonic()
    faults = check(hostile_calls(2400, seed=random_seed), hostile_folder, monkeypatch, capsys)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    with capsys.disabled():
        print(f"\n{faults.text()}\n{time.monotonic() - begun:.0f} s, at most {memory:.2f} GiB")
    assert not faults, faults.text()
    assert memory < 2
