import pytest

from kerasgan.drawing.frames import Frames


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
