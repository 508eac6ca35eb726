"""Claims of the panel documents, each with the tests that hold the embedded panel to it.

They stand in ``claims.txt``; ``test_every_claim.py`` shows that every test named there exists. One line per claim: its section, its
sentence, and after ``=>`` the tests, without ``test_``. Sections: ``1x`` is real-panel-1x.md, ``db`` real-panel-1x-database.md,
``C`` appendix C of panel-contract.md. Claims about what only an engine or a host shows (locks, speed, IIS, agents) are not listed.
Where no rule of the panel can be switched off to make a test fail, the line ends in ``-- `` and the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["CLAIMS", "Claim"]


@dataclass(frozen=True, slots=True)
class Claim:
    """``section``: document and section; ``sentence``: what is claimed; ``tests``: names without ``test_``.

    ``reason``: why there is no rule to be switched off; empty where there is one.
    """

    section: str
    sentence: str
    tests: tuple[str, ...]
    reason: str = ""


def _claim(line: str) -> Claim:
    told, _, held = line.partition(" => ")
    tests, _, reason = held.partition(" -- ")
    document, number, sentence = told.split(" ", 2)
    return Claim(f"{document} {number}", sentence, tuple(tests.split()), reason)


_LIST = Path(__file__).with_name("claims.txt")
CLAIMS = tuple(_claim(line) for line in _LIST.read_text(encoding="utf-8").splitlines())
