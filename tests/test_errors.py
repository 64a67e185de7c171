from kerasgan.errors import did_you_mean, shortened, shortened_message, shortened_path


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


def test_of_a_path_that_is_too_long_the_end_stays():
    path = "/".join(["folder"] * 40)
    assert shortened_path(path[:255]) == path[:255]
    assert shortened_path(path) == "…" + path[-254:]


def test_near_names_are_offered_and_far_ones_not():
    assert did_you_mean("bach_size", ["batch_size", "seed"]) == "; did you mean batch_size?"


def test_without_a_near_name_all_are_listed_in_order():
    assert did_you_mean("zzz", {"b", "a"}) == "; known are a, b"
    assert did_you_mean("zzz", []) == "; there are none"


def test_case_alone_is_a_near_miss():
    assert did_you_mean("wgan", ["GAN", "WGAN", "WGANGP"]) == "; did you mean WGAN?"
    assert did_you_mean("ADAM", ["Adam", "Lion"]) == "; did you mean Adam?"


def test_too_many_names_are_not_listed():
    known = [f"data_{number}" for number in range(200)]
    assert did_you_mean("zzz", known) == ""
    assert "data_17" in did_you_mean("data_171", known)
