"""The survey form as a page shows it, and in words what is wrong with what it sent."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from survey.answering.proof_of_work import ProofMissing
from survey.answering.tokens import TokenExpired
from survey.ratings import (
    COMMENT_LIMIT,
    Acknowledgement,
    CommentTooLong,
    NotAcknowledged,
    RatingError,
    RatingMissing,
    Wording,
)
from survey.web.forms import FieldError


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackForm:
    """The survey form as a page shows it: token, what was typed, what is wrong with it."""

    wording: Wording
    token: str
    action: str
    rating: str = ""
    comment: str = ""
    # Whether to ask for the disclaimer's confirmation, and what was ticked.
    acknowledgement: Acknowledgement = Acknowledgement.OFF
    acknowledged: bool = False
    # The bits of work that a browser is asked to prove; 0 asks for none.
    work: int = 0
    # The disclaimer itself, where the text it belongs to is not on the same page.
    disclaimer: str = ""
    comment_limit: int = COMMENT_LIMIT
    errors: tuple[FieldError, ...] = ()

    @property
    def acknowledgement_label(self) -> str:
        """What stands beside the box that confirms the disclaimer; empty where there is none."""
        return acknowledgement_label(self.acknowledgement)

    @property
    def work_note(self) -> str:
        """What becomes of the answer where the work cannot be done."""
        return held_for_a_look()

    @property
    def working(self) -> str:
        """What is said while the work is done."""
        return working()

    def error_for(self, target: str) -> str:
        """The message of a field, or nothing."""
        return next((e.message for e in self.errors if e.target == target), "")


def acknowledgement_label(asked: Acknowledgement) -> str:
    """What stands beside the box that confirms a disclaimer; empty where there is none."""
    if asked is Acknowledgement.OFF:
        return ""
    label = _("I have read the note about the translation")
    if asked is Acknowledgement.OPTIONAL:
        label = _("I have read the note about the translation (optional)")
    return str(label)


def explain(error: Exception) -> FieldError:
    """What is wrong with an answer, said to whoever sent it, and at which field."""
    if isinstance(error, CommentTooLong):
        message = _(
            "The comment has %(n)s characters; shorten it to %(limit)s.",
            n=error,
            limit=COMMENT_LIMIT,
        )
        return FieldError(target="comment", message=message)
    if isinstance(error, NotAcknowledged):
        message = _("Confirm that you have read the note about the translation.")
        return FieldError(target="acknowledged", message=message)
    if isinstance(error, RatingMissing):
        message = _("Choose a number from 1 to 5.")
    elif isinstance(error, RatingError):
        message = _("That is not a number from 1 to 5. Choose one.")
    elif isinstance(error, TokenExpired):
        message = _("This page had been open for more than a day. Please send your answer again.")
    elif isinstance(error, ProofMissing):
        message = _("Many automatic answers are coming in. Please send yours once more.")
    else:
        message = _("This form could not be checked. Please send your answer again.")
    return FieldError(target="rating-1", message=message)


def too_long() -> FieldError:
    """What is wrong with an answer so long that it was not read."""
    message = _(
        "This was too much to be read. Shorten the comment to %(limit)s characters.",
        limit=COMMENT_LIMIT,
    )
    return FieldError(target="comment", message=message)


def working() -> str:
    """What is said while a browser does the work asked for."""
    return str(
        _("One moment: your browser is computing a proof that keeps floods of answers away.")
    )


def held_for_a_look() -> str:
    """What becomes of an answer that came without the work asked for."""
    return str(
        _(
            "While many automatic answers come in, an answer sent without JavaScript is kept, and "
            "counts only after a person has looked at it."
        )
    )
