"""What the accounts of the admin pages may do."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do: see reports; also moderate and edit; also manage the service."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"
