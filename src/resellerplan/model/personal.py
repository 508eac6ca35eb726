"""Personal data made unrecognisable where a text travels: into journals, pipelines, merge requests. User names stay."""

from __future__ import annotations

import re

from resellerplan.model.address import Kind
from resellerplan.model.traits import KINDS

__all__ = ["is_personal", "mask", "mask_emails"]

_EMAIL = re.compile(r"([\w.+-])[\w.+-]*@([\w-][\w.-]*)")


def is_personal(kind: Kind, path: str) -> bool:
    """Whether a field holds data about a person (its trait says so)."""
    trait = KINDS[kind].fields.get(path.partition(".")[0])
    return trait is not None and trait.personal


def mask_emails(text: str) -> str:
    """A text with its e-mail addresses masked: ``p…@mueller.example``."""
    return _EMAIL.sub(r"\1…@\2", text)


def mask(text: str) -> str:
    """One value masked: the first character stays, of an e-mail address the domain too."""
    masked = mask_emails(text)
    return masked if masked != text or not text else f"{text[0]}…"
