import platform
from pathlib import Path

import keras
import pytest
import tensorflow as tf

from kerasgan.precision import PRECISIONS, advice_on_precision, dtype_policy, resolve_precision

X86 = "processor\t: 0\nflags\t\t: fpu avx2 avx512f {}\nbugs\t\t: spectre_v1\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd {}\n"


@pytest.fixture
def machine(monkeypatch):
    """Pretends another processor, and GPUs of the given compute capabilities."""

    def pretend(name="x86_64", cpuinfo="", gpus=(), tpus=()):
        devices = {"GPU": list(gpus), "TPU": list(tpus)}
        monkeypatch.setattr(platform, "machine", lambda: name)
        monkeypatch.setattr(tf.config, "get_visible_devices", lambda kind: devices[kind])
        monkeypatch.setattr(
            tf.config.experimental,
            "get_device_details",
            lambda gpu: {"compute_capability": gpu} if gpu else {},
        )

        def read_text(path, *args, **kwargs):
            assert path == Path("/proc/cpuinfo")
            if cpuinfo is None:
                raise FileNotFoundError(path)
            return cpuinfo

        monkeypatch.setattr(Path, "read_text", read_text)

    return pretend


@pytest.mark.parametrize("name", [name for name in PRECISIONS if name != "auto"])
def test_a_named_precision_is_kept(name):
    assert resolve_precision(name) == name


@pytest.mark.parametrize("name", ["float16", "bf16", "", None])
def test_other_names_are_refused_and_shown(name):
    with pytest.raises(ValueError, match=f"mixed_bfloat16.*precision={name!r}"):
        resolve_precision(name)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"cpuinfo": X86.format("avx512_bf16")}, "mixed_bfloat16"),
        ({"cpuinfo": X86.format("amx_bf16 amx_tile")}, "mixed_bfloat16"),
        ({"cpuinfo": X86.format("avx512_vnni")}, "float32"),
        ({"name": "aarch64", "cpuinfo": ARM.format("bf16 i8mm")}, "mixed_bfloat16"),
        ({"name": "aarch64", "cpuinfo": ARM.format("i8mm")}, "float32"),
        ({"name": "arm64", "cpuinfo": None}, "float32"),
        ({"gpus": [(8, 0)]}, "mixed_bfloat16"),
        ({"gpus": [(8, 9), (7, 5)]}, "mixed_float16"),
        ({"gpus": [(8, 9), (6, 1)]}, "float32"),
        ({"gpus": [()], "cpuinfo": X86.format("avx512_bf16")}, "float32"),
        ({"tpus": ["TPU:0"]}, "mixed_bfloat16"),
    ],
)
def test_auto_is_what_the_hardware_computes_fast(machine, options, expected):
    machine(**options)
    assert resolve_precision("auto") == resolve_precision() == expected


@pytest.mark.parametrize(
    ("options", "emulated"),
    [
        ({"cpuinfo": X86.format("avx512_vnni")}, {"mixed_bfloat16", "mixed_float16"}),
        ({"cpuinfo": X86.format("avx512_bf16")}, {"mixed_float16"}),
        ({"gpus": [(8, 0)]}, set()),
        ({"gpus": [(7, 5)]}, {"mixed_bfloat16"}),
        ({"gpus": [(6, 1)]}, {"mixed_bfloat16", "mixed_float16"}),
        ({"gpus": [()]}, set()),
    ],
)
def test_numbers_that_the_hardware_emulates_are_advised_against(machine, options, emulated):
    machine(**options)
    for precision in ("float32", "mixed_bfloat16", "mixed_float16"):
        lines = advice_on_precision(precision)
        assert [precision in line for line in lines] == [True] * (precision in emulated)


def test_policy_holds_inside_the_block_and_the_former_one_after_it():
    before = keras.config.dtype_policy()
    with dtype_policy("mixed_bfloat16"):
        inside = keras.layers.Dense(1)
    assert inside.compute_dtype == "bfloat16"
    assert inside.variable_dtype == "float32"
    assert keras.config.dtype_policy() == before
    assert keras.layers.Dense(1).compute_dtype == before.compute_dtype


def test_policy_is_restored_after_an_error():
    before = keras.config.dtype_policy()
    with pytest.raises(RuntimeError), dtype_policy("mixed_bfloat16"):
        raise RuntimeError
    assert keras.config.dtype_policy() == before
