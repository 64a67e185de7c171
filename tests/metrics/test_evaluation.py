import numpy as np
import pytest
from rich.console import Console

from kerasgan.metrics import Evaluation, Measure, Reference
from kerasgan.metrics.evaluation import tables


@pytest.fixture
def printed():
    """Prints tables and returns the lines, their words separated by single spaces."""

    def printed(evaluations):
        console = Console(width=200)
        with console.capture() as capture:
            for table in tables(evaluations):
                console.print(table)
        return [" ".join(line.split()) for line in capture.get().splitlines()]

    return printed


def evaluation(reference, **measures):
    return Evaluation(reference.protocol, measures, np.zeros((2, 8, 8, 1), np.uint8))


def test_values_stand_beside_their_ratio_and_the_common_floor(printed, squares, network):
    reference = Reference(squares(200), count=60, features=network())
    first = evaluation(reference, frechet_distance=Measure(30.0, 10.0))
    second = evaluation(
        reference,
        frechet_distance=Measure(12.34567, 10.0),
        kernel_distance=Measure(0.5, 0.0, 0.01, 0.02),
    )
    lines = printed({"first": first, "second": second})
    assert "60 drawn against 60 of 200 real images of 8x8; features: tiny at 8x8" in lines[0]
    assert "measure first second floor" in lines
    assert "Fréchet distance 30 (3.00x) 12.35 (1.23x) 10" in lines
    assert "kernel distance 0.5 ± 0.01 0 ± 0.02" in lines


def test_a_floor_of_the_models_own_stands_beside_the_value(printed, squares, network):
    reference = Reference(squares(200), count=60, features=network())
    lines = printed(
        {
            "first": evaluation(reference, style_entropy=Measure(0.5, 0.25)),
            "second": evaluation(reference, style_entropy=Measure(0.5, 1.0)),
        }
    )
    assert "style entropy 0.5 (2.00x, floor 0.25) 0.5 (0.50x, floor 1)" in lines


def test_models_of_other_real_images_have_a_table_of_their_own(printed, squares, network):
    references = [Reference(squares(count), count=60, features=network()) for count in (200, 220)]
    lines = printed(
        {
            str(number): evaluation(reference, precision=Measure(0.5, 0.5))
            for number, reference in enumerate(references)
        }
    )
    assert len([line for line in lines if line.startswith("measure")]) == 2
    assert any("of 220 real images" in line for line in lines)


def test_a_classifiers_accuracy_is_named(printed, labelled, trained_once):
    reference = Reference(labelled, count=60, features="classifier")
    (line, *_) = printed({"model": evaluation(reference, precision=Measure(0.5, 0.5))})
    accuracy = reference.classifier.accuracies["genre"]
    assert f"genre accuracy {round(accuracy, 4):.3g} on held-out images" in line


def test_models_without_room_are_in_a_further_table_and_no_number_is_cut(squares, network):
    reference = Reference(squares(200), count=60, features=network())
    measured = evaluation(reference, frechet_distance=Measure(30.0, 10.0))
    console = Console(width=50)
    with console.capture() as capture:
        for table in tables({f"runs/number_{n}": measured for n in range(5)}, width=50):
            console.print(table)
    text = capture.get()
    assert [text.count(f"runs/number_{n}") for n in range(5)] == [1] * 5
    assert text.count("30 (3.00x)") == 5
    assert text.count("Fréchet distance") > 1
