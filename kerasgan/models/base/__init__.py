"""What the objectives share: drawing, optimizers, the default step, checks and replicas.

The classes stand on each other: `GenerativeModel` draws, `MultiOptimizerModel` compiles and fits
with one optimizer for each player, and `AdversarialModel` has two networks and a step.
"""
