"""The proof of work that can be asked for with an answer while floods of them come in.

A browser looks for a number that, written behind the signature of its form, gives a SHA-256 hash
that begins with so many zero bits; that takes about 2**bits hashes, and checking it takes one. This
is the proof of hashcash (Adam Back, "Hashcash: a denial of service counter-measure", 2002). Nothing
has to be remembered here: the signature makes a proof one form's alone, the form's age ends it, and
the form's nonce lets it bring one answer only (see `tokens` and `answers` beside this module).

`static/proof.js` is the other side of this module.
"""

from __future__ import annotations

import hashlib
import re

# About four million hashes: a quarter of a minute on a desk, minutes on an old telephone.
MOST_BITS = 22
_NUMBER = re.compile(r"[0-9]{1,16}")


class ProofMissing(ValueError):
    """The answer came without the proof asked for, or with a wrong one; a form can bring it yet."""


def zero_bits(token: str, number: str) -> int:
    """How many zero bits a form's hash with this number begins with, from 0 to 256."""
    signature = token.rpartition(".")[2]
    digest = hashlib.sha256(f"{signature}:{number}".encode("utf-8", "surrogatepass")).digest()
    return 256 - int.from_bytes(digest).bit_length()


def proves(token: str, number: str, bits: int) -> bool:
    """Whether the number proves at least `bits` bits of work on the form with this token."""
    return _NUMBER.fullmatch(number) is not None and zero_bits(token, number) >= bits
