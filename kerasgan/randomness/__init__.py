"""Random numbers that are pure functions of a seed, a step and a purpose.

`stateless` draws them with TensorFlow, `philox` draws the same ones with numpy alone, and `seeds`
makes a seed for those who give none.
"""
