"""Every check of the panel has a name, the section that states it, and a switch.

A service module declares its rules where it uses them::

    NAME_TAKEN = rule("add_user.name_taken", "2.2", "A user name that exists anywhere on the panel is refused with -100.")
    ...
    if call.on(NAME_TAKEN) and exists:
        return -100

A test switches a rule off by name and shows that the check named for it then fails: so no check is there in name only.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["RULES", "Rule", "rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """``name``: ``operation.check``, lower case; ``section``: of the contract or of a report; ``sentence``: what is checked."""

    name: str
    section: str
    sentence: str


_REGISTERED: dict[str, Rule] = {}
RULES = MappingProxyType(_REGISTERED)


def rule(name: str, section: str, sentence: str) -> Rule:
    """Declare a rule. A second one of the same name is a mistake and raises."""
    if name in _REGISTERED:
        raise ValueError(f"the rule {name} is declared twice")
    declared = Rule(name, section, sentence)
    _REGISTERED[name] = declared
    return declared
