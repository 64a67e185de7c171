from matplotlib.axes import Axes

from kerasgan.zoo.gate_curve import draw_gate_curve


def log(gates):
    losses = {"generator_loss": 0.7, "discriminator_loss": 0.6}
    return [
        {"iteration": 10 * number, "gate_open": gate, **losses}
        for number, gate in enumerate(gates, 1)
    ]


def test_the_share_of_open_gates_is_drawn_against_iterations(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(Axes, "fill_between", lambda axes, x, y, **how: drawn.append((x, y)))
    assert draw_gate_curve(log([0.25, 1.0, 0.0]), tmp_path / "gate.png")
    assert drawn.pop() == ([10, 20, 30], [0.25, 1.0, 0.0])
    # A long log is drawn by the means of its parts.
    assert draw_gate_curve(log([1.0, 0.0] * 500), tmp_path / "gate.png")
    assert drawn.pop() == ([20 * part for part in range(1, 501)], [0.5] * 500)


def test_what_no_gate_held_back_is_not_drawn(tmp_path):
    assert not draw_gate_curve([], tmp_path / "gate.png")
    assert not draw_gate_curve(log([1.0, 1.0]), tmp_path / "gate.png")
    assert not draw_gate_curve([{"iteration": 1, "critic_loss": 1.0}], tmp_path / "gate.png")
    assert not list(tmp_path.iterdir())
