import builtins

import numpy as np
import pytest

from kerasgan.errors import UserError
from kerasgan.wikiart.preparer import work_folder
from kerasgan.wikiart.preparer.decoding import pipeline_options
from kerasgan.wikiart.preparer.prepare import prepare
from tests.wikiart.sources import prepared_examples, write_dump

DUMP = {f"Pop_Art/artist_work-{number}.jpg": (4, 6, None)[number % 3] for number in range(12)}


def test_beam_gives_the_same_examples(tmp_path, monkeypatch):
    pytest.importorskip("apache_beam")
    monkeypatch.setattr(work_folder, "PART_SIZE", 2)
    dump = write_dump(tmp_path / "dump", DUMP)
    (dump / "wikiart" / "Pop_Art" / "artist_work-3.jpg").write_text("torn")
    options = {"size": 16, "test_fraction": 0.3}
    plain = prepare(dump, tmp_path / "plain", workers=1, **options)
    beam = prepare(
        dump, tmp_path / "beam", beam_options=pipeline_options("runner=DirectRunner"), **options
    )
    assert beam == plain
    assert beam.causes == {"unreadable image": 1}
    found = [prepared_examples(tmp_path / name) for name in ("plain", "beam")]
    assert set(found[0]) == set(found[1]) == {"train", "test"}
    for split in found[0]:
        assert set(found[0][split]) == set(found[1][split])
        for key, example in found[0][split].items():
            for name, value in example.items():
                np.testing.assert_array_equal(value, found[1][split][key][name])


def test_beam_that_is_not_installed_and_wrong_options_are_named(monkeypatch):
    real = builtins.__import__

    def without_beam(name, *arguments, **options):
        if name.startswith("apache_beam"):
            raise ImportError(name)
        return real(name, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", without_beam)
        with pytest.raises(UserError, match=r"pip install 'kerasgan\[beam\]'"):
            pipeline_options("runner=DirectRunner")
    pytest.importorskip("apache_beam")
    with pytest.raises(UserError, match="'--runner=DirectRunner'"):
        pipeline_options("--runner=DirectRunner")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "runner=FlinkRunner, flink_master=host:8081, parallelism=4, environment_type=LOOPBACK",
            {"flink_master": "host:8081", "parallelism": 4, "environment_type": "LOOPBACK"},
        ),
        ("runner=SparkRunner,spark_master_url=local[2]", {"spark_master_url": "local[2]"}),
        (
            "runner=DataflowRunner,project=p,region=r,temp_location=gs://b/t,"
            "experiments=one,experiments=two",
            {"project": "p", "region": "r", "experiments": ["one", "two"]},
        ),
    ],
)
def test_runners_get_their_own_options(text, expected):
    pytest.importorskip("apache_beam")
    found = pipeline_options(text).get_all_options()
    assert {name: found[name] for name in expected} == expected
    assert found["runner"] == text.partition(",")[0].removeprefix("runner=")
