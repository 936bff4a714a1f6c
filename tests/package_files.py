"""Package files as a person might bring them: sound but for what a test changes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

METADATA = {
    "package_version": "1.0",
    "argos_version": "1.9",
    "from_code": "en",
    "from_name": "English",
    "to_code": "fr",
    "to_name": "French",
}
PARTS = {
    "p/metadata.json": json.dumps(METADATA).encode(),
    "p/model/model.bin": b"not a model, but its file",
    "p/model/shared_vocabulary.json": b"[]",
    "p/sentencepiece.model": b"pieces",
}


def write(path: Path, parts: dict[str, bytes], **metadata: object) -> Path:
    """A zip file of these parts; `metadata` changes or adds fields."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            if metadata and name.endswith("metadata.json"):
                data = json.dumps({**METADATA, **metadata}).encode()
            file.writestr(name, data)
    return path
