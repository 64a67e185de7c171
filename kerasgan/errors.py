"""The errors a user can mend."""


class UserError(ValueError):
    """Bad input: a file, key or value that the user can correct.

    The message is one line that names what was received and how to mend it. The command line
    prints it alone, without a traceback, and exits with code 2.
    """


class TrainingDiverged(RuntimeError):
    """A loss became NaN or exploded; the message names it and the last good checkpoint."""
