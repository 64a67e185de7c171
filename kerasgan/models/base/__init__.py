"""What the objectives share: drawing, optimizers, the default step, checks and replicas.

The classes stand on each other: `GenerativeModel` draws, `MultiOptimizerModel` compiles and fits
with one optimizer for each player, `TwoPlayerModel` shows batches to a generator and a
discriminator, and `AdversarialModel` has losses and a step.
"""
