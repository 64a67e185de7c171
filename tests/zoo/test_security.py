"""What SECURITY.md promises of the zoo entries of strangers."""

import json
import re
import shutil

import keras
import pytest
import tensorflow as tf

from kerasgan import zoo
from kerasgan.errors import UserError
from kerasgan.zoo.checksums import write_checksums


class _WhenLoaded(tf.saved_model.experimental.TrackableResource):
    def __init__(self, path):
        super().__init__()
        self._path = path

    def _create_resource(self):
        return tf.raw_ops.MutableHashTableV2(key_dtype=tf.string, value_dtype=tf.int64)

    def _initialize(self):
        tf.io.write_file(self._path, "")


class _Trap(tf.Module):
    """A graph that writes a file when it is loaded, and another when it draws."""

    def __init__(self, folder):
        super().__init__()
        self._folder = folder
        self.resource = _WhenLoaded(f"{folder}/loaded")

    @tf.function(input_signature=[tf.TensorSpec((None, 4))])
    def generate(self, latents):
        _ = self.resource.resource_handle
        tf.io.write_file(f"{self._folder}/drawn", "")
        return latents


@pytest.fixture
def written(tmp_path):
    """A folder that whatever runs writes to."""
    folder = tmp_path / "written"
    folder.mkdir()
    return folder


@pytest.fixture
def trap(written, tmp_path):
    """A SavedModel that writes there."""
    path = tmp_path / "trap"
    tf.saved_model.save(_Trap(str(written)), str(path))
    assert not list(written.iterdir())
    return path


@pytest.fixture
def stranger(entry, tmp_path):
    """A copy of an entry, to which a stranger does as it likes."""
    return shutil.copytree(entry, tmp_path / "stranger")


def test_loading_and_drawing_run_nothing_of_the_graph_but_plain_tensorflow_does(
    stranger, trap, written
):
    shutil.copy(trap / "saved_model.pb", stranger / "saved_model.pb")
    # Checksums tell damage, not who made the entry.
    write_checksums(stranger)
    assert zoo.load(stranger).generate(1, seed=0).shape == (1, 32, 32, 3)
    assert not list(written.iterdir())

    loaded = tf.saved_model.load(str(trap))
    assert [path.name for path in written.iterdir()] == ["loaded"]
    loaded.generate(tf.zeros((1, 4)))
    assert sorted(path.name for path in written.iterdir()) == ["drawn", "loaded"]


def _lambda(path, trap):
    return keras.saving.serialize_keras_object(keras.layers.Lambda(lambda x: x))


def _bytecode(path, trap):
    return keras.saving.serialize_keras_object(lambda x: x)


def _saved_model(path, trap):
    return _object("keras.layers", "TFSMLayer", {"filepath": str(trap)})


def _function(path, trap):
    return _object("os", "system", {"command": f"touch {path}"})


def _module(path, trap):
    (trap.parent / "evil.py").write_text(f"open({str(path)!r}, 'w')")
    return _object("evil", "Evil", {})


def _download(path, trap):
    return _object("keras.utils", "get_file", {"fname": str(path), "origin": trap.as_uri()})


def _object(module, name, config):
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
@pytest.mark.parametrize("make", [_lambda, _bytecode, _saved_model, _function, _module, _download])
def test_a_configuration_can_name_nothing_but_layers(
    stranger, trap, written, make, tmp_path, monkeypatch
):
    monkeypatch.syspath_prepend(tmp_path)
    path = stranger / "assets.extra" / "model.json"
    configuration = json.loads(path.read_text())
    assert configuration["config"]["generator"]["class_name"] == "Functional"
    configuration["config"]["generator"] = make(written / "ran", trap)
    path.write_text(json.dumps(configuration))
    write_checksums(stranger)
    with pytest.raises(UserError, match=re.escape(str(stranger))):
        zoo.load(stranger)
    assert not list(written.iterdir())
