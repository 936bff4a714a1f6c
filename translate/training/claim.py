"""A work folder belongs to one training: checkpoints of two are not to be mixed up."""

import json
from collections.abc import Mapping
from pathlib import Path

from .errors import UnusableCheckpoint

_NAME = "job.json"


def claim(work: Path, ours: Mapping[str, object]) -> None:
    """Mark `work` as that of the training that `ours` describes.

    :raise UnusableCheckpoint: when it is another one's; says in what they differ. Or when the mark
        cannot be read, as a full disk leaves it.
    """
    path = work / _NAME
    if path.exists():
        try:
            theirs = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise UnusableCheckpoint(
                f"{path} is damaged. Delete {work} to start afresh."
            ) from error
        differing = sorted(key for key in {*theirs, *ours} if theirs.get(key) != ours.get(key))
        if differing:
            raise UnusableCheckpoint(
                f"{work} belongs to another training (other {', '.join(differing)}). Delete it to "
                "start afresh, or name another work folder."
            )
    path.write_text(json.dumps(dict(ours)), "utf-8")
