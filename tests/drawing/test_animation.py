import resource

import numpy as np
import pytest
from PIL import Image, ImageSequence

from kerasgan.drawing import Animation, DrawnPicture, Provenance, save_animation, save_picture
from kerasgan.drawing.animation import Frames
from kerasgan.drawing.animation_file import check_animation_path
from kerasgan.errors import UserError

RNG = np.random.default_rng(0)
GREYS = RNG.integers(0, 256, (5, 6, 8, 1), np.uint8)
# Few enough colours for the palette of a GIF.
COLOURS = (RNG.integers(0, 4, (5, 6, 8, 3)) * 85).astype(np.uint8)


def _decoded(path):
    with Image.open(path) as file:
        frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(file)]
        return np.stack([np.asarray(frame) for frame in frames])


def _durations(path):
    with Image.open(path) as file:
        times = []
        for index in range(file.n_frames):
            file.seek(index)
            file.load()
            times.append(file.info["duration"])
        return times, file.info["loop"]


@pytest.fixture
def full_disk():
    """Lets no file grow beyond two kilobytes, as if the disk were full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, limits[1]))

    yield fill
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("ending", ["gif", "webp"])
@pytest.mark.parametrize("frames", [GREYS, COLOURS])
def test_every_frame_is_in_the_file_to_the_pixel(tmp_path, ending, frames):
    path = save_animation(frames, tmp_path / "new" / f"a.{ending}")
    np.testing.assert_array_equal(_decoded(path), np.broadcast_to(frames, (5, 6, 8, 3)))


def test_floats_are_drawn_as_pictures_are(tmp_path):
    path = save_animation(GREYS / 255.0, tmp_path / "a.webp")
    np.testing.assert_array_equal(_decoded(path)[..., :1], GREYS)


def test_times_are_rounded_so_that_none_drifts(tmp_path):
    # 24 frames in a second are 41.67 milliseconds; GIF counts hundredths.
    frames = RNG.integers(0, 256, (24, 4, 4, 1), np.uint8)
    times, loop = _durations(save_animation(frames, tmp_path / "a.gif", fps=24))
    assert sum(times) == 1000
    assert set(times) == {40, 50}
    assert loop == 0


def test_video_shows_the_frames(tmp_path):
    av = pytest.importorskip("av")
    frames = np.repeat(np.linspace(0, 255, 12).astype(np.uint8), 31 * 33 * 3)
    frames = frames.reshape(12, 31, 33, 3)
    path = save_animation(frames, tmp_path / "a.mp4", fps=12)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        shown = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(stream)])
        assert stream.average_rate == 12
    assert shown.shape == (12, 32, 34, 3)  # H.264 has even sides.
    assert np.abs(shown[:, :31, :33].astype(int) - frames).max() <= 6


def test_video_without_its_package_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(UserError, match=r"pip install 'kerasgan\[video\]'"):
        check_animation_path(tmp_path / "a.mp4")


@pytest.mark.parametrize(
    ("name", "fps", "said"),
    [
        ("a.png", 24, r"a\.png: \.png cannot hold an animation; use \.gif, \.webp, \.mp4"),
        ("a.jpg", 24, "cannot hold an animation"),
        ("a.txt", 24, "cannot hold an animation"),
        ("a.gif", 60, "at most 50 frames per second, not 60"),
        ("a.webp", 0, "from 0.01"),
        ("a.webp", float("nan"), "from 0.01"),
        ("a.mp4", 0.001, "of frames per second from 0.01 to 1000. Received: fps=0.001"),
        ("file/a.gif", 24, "file is a file, not a folder"),
    ],
)
def test_what_cannot_be_written_is_refused_before_it_is_drawn(tmp_path, name, fps, said):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=said):
        check_animation_path(tmp_path / name, fps=fps)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_format_that_cannot_hold_the_size_says_how_much_it_holds(tmp_path):
    long = np.zeros((1, 16_384, 1), np.uint8)
    with pytest.raises(UserError, match=r"WEBP holds .* 16,383 pixels a side, not 16384x1"):
        save_animation([long, long], tmp_path / "a.webp")
    with pytest.raises(UserError, match=r"JPEG holds .* 65,500 pixels a side"):
        save_picture(np.zeros((1, 65_501, 1), np.uint8), tmp_path / "a.jpg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.gif", "a.webp"])
def test_frames_that_do_not_fit_in_memory_are_refused_after_the_first(tmp_path, name):
    drawn = []

    def draw(number):
        drawn.append(number)
        return np.zeros((1080, 1920, 1), np.uint8)

    with pytest.raises(UserError, match=r"541 frames of 1920x1080 do not fit .* write an \.mp4"):
        save_animation(Frames(541, draw), tmp_path / name)
    assert drawn == [0] and list(tmp_path.iterdir()) == []


def test_slow_videos_are_as_slow_as_they_are_said_to_be(tmp_path):
    av = pytest.importorskip("av")
    for fps in (0.01, 0.3, 24.0, 29.97):
        path = save_animation([np.zeros((2, 2, 1), np.uint8)] * 2, tmp_path / "a.mp4", fps=fps)
        with av.open(str(path)) as video:
            assert float(video.streams.video[0].average_rate) == pytest.approx(fps, rel=1e-4)


@pytest.mark.parametrize("frames", [[], [np.zeros((2, 2, 1)), np.zeros((3, 2, 1))]])
def test_frames_must_be_there_and_of_one_size(tmp_path, frames):
    with pytest.raises(ValueError, match="frames, all of one size"):
        save_animation(frames, tmp_path / "a.gif")


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.mp4", "a.png", "frames"])
def test_a_full_disk_leaves_nothing_half_written(tmp_path, full_disk, name):
    if name.endswith("mp4"):
        pytest.importorskip("av")
    images = RNG.integers(0, 256, (4, 64, 64, 3), np.uint8)
    provenance = Provenance(model="", weights="")
    animation = Animation([DrawnPicture(image, provenance) for image in images])
    full_disk()
    with pytest.raises(UserError, match=rf"Cannot write .*{name}.*: .*"):
        if name == "a.png":
            animation.pictures[0].save(tmp_path / name)
        else:
            animation.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gets_a_picture_for_each_frame(tmp_path):
    provenance = Provenance(model="", weights="")
    animation = Animation([DrawnPicture(frame, provenance) for frame in COLOURS])
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "deep" / "new", tmp_path / "empty"):
        assert animation.save(folder) == folder
        assert [path.name for path in sorted(folder.iterdir())] == [f"{i}.png" for i in range(5)]
        for index, frame in enumerate(COLOURS):
            with Image.open(folder / f"{index}.png") as picture:
                np.testing.assert_array_equal(np.asarray(picture), frame)


def test_frames_are_not_mixed_with_what_a_folder_holds(tmp_path):
    (tmp_path / "mine.txt").write_text("kept")
    (tmp_path / "000.png").write_text("kept")
    animation = Animation([DrawnPicture(GREYS[0], Provenance(model="", weights=""))])
    with pytest.raises(UserError, match=r"has pictures already \(000.png\); choose another"):
        animation.save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"mine.txt", "000.png"}


def test_a_notebook_plays_the_animation(tmp_path):
    provenance = Provenance(model="", weights="")
    animation = Animation([DrawnPicture(frame, provenance) for frame in COLOURS], fps=10)
    assert repr(animation) == "<Animation 5 frames, 10 per second>"
    (tmp_path / "a.png").write_bytes(animation._repr_png_())
    np.testing.assert_array_equal(_decoded(tmp_path / "a.png"), COLOURS)
    assert _durations(tmp_path / "a.png") == ([100.0] * 5, 0)


def test_frames_are_made_when_they_are_asked_for_and_not_kept():
    made = []

    def draw(number):
        made.append(number)
        return number**2

    frames = Frames(5, draw)
    assert (len(frames), made) == (5, [])
    assert (frames[2], frames[-1], frames[2]) == (4, 16, 4)
    part = frames[1::2]
    assert made == [2, 4, 2]
    assert (len(part), list(part), list(frames)) == (2, [1, 9], [0, 1, 4, 9, 16])
    with pytest.raises(IndexError):
        frames[5]
