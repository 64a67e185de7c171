"""The errors that users are meant to see."""


class UserError(ValueError):
    """Bad input: a file, key or value that the user can correct.

    The message is one line that names what was received and how to correct it. The command line
    prints it without a traceback and exits with code 2.
    """


class WorkerLost(RuntimeError):
    """Another worker of a training on several machines ended before it was done."""


class TrainingDiverged(RuntimeError):
    """A loss became NaN or too large; the message names it and the last good checkpoint."""
