"""`kerasgan export` of single files."""

import keras
import numpy as np
import pytest


@pytest.mark.parametrize("kind", ["keras", "onnx"])
def test_export_writes_the_file_and_says_how_to_use_it(
    kerasgan, models, kind, tmp_path, system_stderr
):
    with system_stderr() as lines:
        code, out, err = kerasgan("export", "genres", "--format", kind)
    assert code == 0, err
    file = tmp_path / f"genres.{kind}"
    assert file.is_file()
    assert out.startswith(file.name)
    assert [*err.splitlines(), *lines] == [f"Exporting genres: {file.name}"]
    if kind == "onnx":
        assert "takes latents, genre and returns images" in out
        return
    assert "after import kerasgan.layers (for FusedBatchNormalization)" in out
    latents = models["genres"].draw_latents(2, seed=0)
    images = keras.saving.load_model(file)([latents, np.array([0, 2])])
    np.testing.assert_allclose(images, models["genres"].generate(latents, [0, 2]), atol=1e-6)
    # Without --out nothing is replaced.
    assert kerasgan("export", "genres", "--format", kind)[0] == 0
    assert (tmp_path / "genres-2.keras").is_file()


def test_export_to_another_ending_is_one_line(kerasgan, models, tmp_path):
    code, _, err = kerasgan("export", "plain", "--format", "onnx", "--out", "plain.keras")
    assert code == 2
    assert err == "Error: The file must end in .onnx. Received: plain.keras\n"
    assert not list(tmp_path.glob("plain*"))
