from kerasgan.suggestions import did_you_mean


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
