"""A form of the admin pages: what was typed into it, and what is wrong with that."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field, linked from the error summary to the field's id."""

    target: str
    message: str


@dataclass(slots=True, kw_only=True)
class Form:
    """Fields as they were typed, by name, and what is wrong with them."""

    typed: dict[str, str]
    errors: list[FieldError] = field(default_factory=list)

    def error_for(self, target: str) -> str:
        """The message of a field, or nothing."""
        return next((e.message for e in self.errors if e.target == target), "")

    def refuse(self, target: str, message: str) -> None:
        """Say what is wrong with a field."""
        self.errors.append(FieldError(target=target, message=message))
