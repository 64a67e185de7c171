"""What a training does differently on several devices and with several workers."""

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from kerasgan.data.pipeline import Share
from kerasgan.distribution.devices import set_memory_growth, strategy_for
from kerasgan.distribution.workers import is_chief, own_address, worker_count
from kerasgan.errors import UserError, WorkerLost, shortened
from kerasgan.files.atomic import write_text
from kerasgan.files.regular_file import read_text
from kerasgan.training.run_folder import ONE_DEVICE, RunFolder

if TYPE_CHECKING:
    from kerasgan.training.resolved_run import ResolvedRun

_LOST = (tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError)
_LOST += (tf.errors.DeadlineExceededError, tf.errors.InternalError)


class Cluster:
    """The devices and workers of a training.

    All workers do the same, callbacks included, because whatever reads a metric needs all of them.
    Only the chief's run folder stays; the others write to one of their own, which is removed.

    Args:
        devices: See `strategy_for`; `None` is one device that TensorFlow chooses, or `"all"` for
            several workers.
        batch_size: The global batch.

    Raises:
        UserError: There are no such devices, or the batch cannot be divided among them.
    """

    def __init__(self, devices: str | int | None, batch_size: int) -> None:
        self.workers, self.is_chief = worker_count(), is_chief()
        # Before this worker waits for all others.
        check_divisible(batch_size, self.workers, "workers")
        self.strategy: tf.distribute.Strategy | None = None
        if devices is not None or self.workers > 1:
            self.strategy = self._strategy("all" if devices is None else devices)
        else:
            set_memory_growth()
        self.replicas = 1 if self.strategy is None else self.strategy.num_replicas_in_sync
        check_divisible(batch_size, self.replicas, "devices")

    def _strategy(self, devices: str | int) -> tf.distribute.Strategy | None:
        try:
            return strategy_for(devices)
        except (*_LOST, tf.errors.UnknownError) as error:
            if self.workers == 1:
                raise
            raise UserError(
                f"This worker cannot listen at {own_address()}, or the others did not start: use "
                f"a free port of this machine, and the same workers on all ({shortened(error)})"
            ) from error

    @property
    def name(self) -> str:
        """The devices in words, for the run folder."""
        if self.replicas == 1:
            return ONE_DEVICE
        of = f" of {self.workers} workers" if self.workers > 1 else ""
        return f"{self.replicas} devices{of}"

    @contextlib.contextmanager
    def run_folder(self, path: str | Path) -> Iterator[RunFolder]:
        """Gives the run folder: the chief's, or one for a while."""
        if self.is_chief:
            yield RunFolder(path)
            return
        with tempfile.TemporaryDirectory(prefix="kerasgan-") as folder:
            yield RunFolder(Path(folder) / "run")

    @contextlib.contextmanager
    def watch_workers(self) -> Iterator[None]:
        """Turns TensorFlow's reports of a lost worker into one line.

        Raises:
            WorkerLost: Another worker ended.
        """
        try:
            yield
        except _LOST as error:
            if self.workers == 1:
                raise
            raise WorkerLost(
                "Another worker ended or cannot be reached. Run the same command on all workers "
                f"again: the training resumes from its last checkpoint ({shortened(error)})"
            ) from error

    def share_run(self, run: RunFolder) -> None:
        """Gives all workers what the chief's run was started with, so that all resume it alike.

        Args:
            run: This worker's run folder, which others than the chief do not have yet.
        """
        if self.workers == 1:
            return
        files = (run.recipe_file, run.description_file)
        texts = [read_text(file) for file in files] if self.is_chief and run.exists else []
        shared = json.loads(self._text_from_chief(json.dumps(texts)))
        if not self.is_chief:
            for file, text in zip(files, shared, strict=False):
                write_text(file, text)

    def share_state(self, resolved: "ResolvedRun") -> None:
        """Gives all workers the chief's weights, optimizers and counters.

        Raises:
            UserError: The workers have other recipes, data or frozen layers than the chief.
        """
        if self.workers == 1:
            return
        frozen = 0 if resolved.init is None else resolved.init.freeze_discriminator
        texts = {
            "recipe": resolved.recipe.as_toml(),
            "data set": resolved.images.all.fingerprint,
            "number of frozen layers": str(frozen),
        }
        digests = [
            int(hashlib.sha256(text.encode()).hexdigest()[:12], 16) for text in texts.values()
        ]
        of_chief = self._from_chief([tf.constant(digests, tf.float64)])[0].numpy()
        for what, mine, chief in zip(texts, digests, of_chief, strict=True):
            if mine != round(chief):
                # The chief finds that it is alone when the others have ended.
                raise UserError(
                    f"This worker has another {what} than the first one: run the same command on "
                    "all, with the same files"
                )
        variables = resolved.model.training_state
        values = [tf.convert_to_tensor(variable.value) for variable in variables]
        # In float64, which holds every value of the other types.
        shared = self._from_chief([tf.cast(value, tf.float64) for value in values])
        for variable, value in zip(variables, shared, strict=True):
            is_integer = tf.as_dtype(variable.dtype).is_integer
            variable.assign(tf.cast(tf.round(value) if is_integer else value, variable.dtype))

    def any_worker(self, here: bool) -> bool:
        """Returns whether something holds on any worker, given whether it holds here."""
        if self.workers == 1:
            return here
        return float(self._sum([tf.constant(float(here))])[0]) > 0.0

    def dataset(
        self, make: Callable[..., tf.data.Dataset], *arguments: Any, **options: Any
    ) -> "tf.data.Dataset | tf.distribute.DistributedDataset":
        """Returns a dataset of which each worker reads its own part of every batch.

        Args:
            make: `training_dataset`.
            *arguments: Its arguments.
            **options: Its options.
        """
        if self.workers > 1:
            local = self.replicas // self.workers

            def of_worker(context: tf.distribute.InputContext) -> tf.data.Dataset:
                share = Share(context.input_pipeline_id * local, local, self.replicas)
                return make(*arguments, **options, share=share)

            return self.strategy.distribute_datasets_from_function(of_worker)  # pyright: ignore
        dataset = make(*arguments, **options)
        if self.strategy is None and tf.config.get_visible_devices("GPU"):
            # A strategy does so by itself.
            dataset = dataset.apply(tf.data.experimental.prefetch_to_device("/GPU:0"))
        return dataset

    def _from_chief(self, values: list[tf.Tensor]) -> list[tf.Tensor]:
        return self._sum([each if self.is_chief else tf.zeros_like(each) for each in values])

    def _text_from_chief(self, text: str) -> str:
        encoded = list(text.encode())
        length = round(float(self._from_chief([tf.constant(float(len(encoded)))])[0]))
        # What others than the chief pass counts as zeros.
        values = encoded if self.is_chief else [0] * length
        shared = self._from_chief([tf.constant(values, tf.float64)])[0]
        return bytes(round(value) for value in shared.numpy()).decode()

    @tf.function
    def _sum(self, values: list[tf.Tensor]) -> list[tf.Tensor]:
        """Returns the sums over the workers, of integers up to the last digits.

        Each of a worker's replicas adds a share of its value, and some shares have no end.
        """
        strategy = self.strategy
        assert strategy is not None  # There are several workers.
        local = self.replicas // self.workers

        def on_replica() -> list[tf.Tensor]:
            parts = [each / local for each in values]
            return tf.distribute.get_replica_context().all_reduce("sum", parts)

        return [strategy.experimental_local_results(each)[0] for each in strategy.run(on_replica)]


def check_divisible(batch_size: int, parts: int, of: str) -> None:
    """Checks that a global batch can be divided among workers or devices.

    Raises:
        UserError: It cannot.
    """
    if batch_size % parts:
        raise UserError(
            f"training.batch_size must be a multiple of the number of {of}, {parts}. "
            f"Received: training.batch_size={batch_size}"
        )
