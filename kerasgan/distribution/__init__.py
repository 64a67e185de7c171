"""Where a training runs: CPUs, GPUs and machines.

`devices` and `workers` turn what a user asks for into a `tf.distribute` strategy; `replicas` is
what layers and steps ask when they need the whole batch; `cores` counts the processors.
"""
