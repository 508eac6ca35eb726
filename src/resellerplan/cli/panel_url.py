"""Panel URLs: which panel is meant, and whether two spellings mean the same one. Credentials belong to a URL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from resellerplan.panel.connection import normal_url

__all__ = ["EMBEDDED", "PanelUrl", "parse_panel_url"]

EMBEDDED = "embedded:"


@dataclass(frozen=True, slots=True)
class PanelUrl:
    """A panel's URL. ``text`` is what the user wrote, ``key`` what two URLs are compared by.

    ``key`` holds the scheme, the host in lower case, the port with its default, the path without its last slash; of an embedded
    panel the absolute path of its file.
    """

    text: str
    key: str

    @property
    def embedded(self) -> bool:
        """Whether it is a file of the embedded panel."""
        return self.text.startswith(EMBEDDED)

    @property
    def store(self) -> Path | None:
        """The embedded panel's file; None for ``embedded:`` alone, which lives in memory, and for real panels."""
        return Path(self.text.removeprefix(EMBEDDED)).expanduser() if self.embedded and self.text != EMBEDDED else None

    def same_as(self, other: PanelUrl) -> bool:
        """Whether both mean one panel."""
        return self.key == other.key


def parse_panel_url(text: str) -> PanelUrl:
    """Read a panel's URL.

    Raises UsageError for what is neither an http(s) URL nor ``embedded:PATH``, and for a URL that holds a user name or password.
    """
    text = text.strip()
    if text.startswith(EMBEDDED):
        path = text.removeprefix(EMBEDDED)
        return PanelUrl(text, EMBEDDED + (str(Path(path).expanduser().resolve()) if path else ""))
    return PanelUrl(text.rstrip("/"), normal_url(text))
