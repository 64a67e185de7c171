from kerasgan.shortened import shortened, shortened_message


def test_what_is_longer_is_cut_off_with_an_ellipsis():
    assert shortened("a" * 80) == "a" * 80
    assert shortened("a" * 81) == "a" * 79 + "…"
    assert shortened(10**5 - 1, 3) == "99…"


def test_a_message_is_one_line_without_long_words():
    said = shortened_message(f"'{'9' * 5000}' is\nno number")
    assert said == f"'{'9' * 78}… is no number"


def test_a_message_can_be_printed():
    assert shortened_message("a\udcff.png is missing") == "a\\udcff.png is missing"


def test_paths_stay_whole():
    path = "/home/" + "/".join(["folder"] * 20)
    assert shortened_message(f"{path} is missing") == f"{path} is missing"
