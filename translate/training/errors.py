"""What can go wrong while training, each with a message that says what to do."""


class TrainingError(Exception):
    """Base of all training errors."""


class TrainingDependencyMissing(TrainingError):
    """PyTorch, which only training needs, is not installed."""

    def __init__(self, module: str) -> None:
        super().__init__(
            f"Training needs {module}, which the service itself does not. Install it beside "
            "the service with: pip install -r requirements/train.txt"
        )


class UnreadablePairs(TrainingError):
    """The file of sentence pairs cannot be read at all."""


class NotEnoughPairs(TrainingError):
    """Too few usable sentence pairs are left to learn from."""

    def __init__(self, usable: int, needed: int, report: str) -> None:
        super().__init__(
            f"{usable} usable sentence pairs, at least {needed} are needed. {report} "
            "Add pairs, or adapt an existing package with --start-from, which needs fewer."
        )


class SwappedLanguages(TrainingError):
    """Source and target columns look exchanged."""


class UnusableStartPackage(TrainingError):
    """The package to start from is of another pair, another architecture, or damaged."""


class UnusableCheckpoint(TrainingError):
    """A checkpoint in the work folder belongs to other data or settings, or is damaged."""


class TrainingDiverged(TrainingError):
    """The loss stopped being a number."""


class PackageNotWritten(TrainingError):
    """The package could not be written; what was at its place before is untouched."""
