import textwrap

import numpy as np
import pytest
import tensorflow as tf

from kerasgan.data.python_step import python_step, step_errors
from kerasgan.errors import UserError


def test_values_are_the_functions():
    result = python_step(lambda a, b: a + 2 * b, [tf.range(3), tf.ones(3, tf.int32)], tf.int32)
    np.testing.assert_array_equal(result, [2, 3, 4])


def test_a_users_error_comes_back_as_it_was():
    def fail(number):
        raise UserError(f"picture {number} is damaged")

    def first(function):
        numbers = tf.data.Dataset.range(3, 4)
        return next(iter(numbers.map(lambda each: python_step(function, [each], tf.int64))))

    with pytest.raises(UserError, match=r"^picture 3 is damaged$"), step_errors():
        first(fail)
    # Another error stays what it is, also after one of these.
    with pytest.raises(tf.errors.OpError, match="ZeroDivisionError"), step_errors():
        first(lambda number: np.int64(1 // int(number - number)))


def test_python_ends_while_a_pipeline_is_held_and_at_work(fresh_process):
    program = """
        import tensorflow as tf
        from kerasgan.data.python_step import python_step

        def same(number):
            return python_step(lambda number: number, [number], tf.int64)

        # Buffers that take longer to fill than the program runs.
        pipelines = [
            iter(tf.data.Dataset.counter().map(same, num_parallel_calls=2).prefetch(1000))
            for _ in range(2)
        ]
        print(*[next(pipeline).numpy() for pipeline in pipelines])
    """
    ended = fresh_process(textwrap.dedent(program))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "0 0\n"
