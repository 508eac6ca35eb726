"""Everything that stops us, as one tree.

    ResellerPlanError                      expected; the message is for the user
    |- UsageError                          the command line or the settings can't be meant so
    |- ManifestInvalid(findings)           all that is wrong in the manifest, at once, with places
    |- PlanError
    |  |- DependencyCycle(edges)           prints every edge
    |  |- PlanRefused(findings)            a guard said no; each finding names the flag that allows it
    |  |- PlanFileInvalid                  not a plan file, damaged, or made by another version or for another panel
    |  `- StalePlan(objects)               planned / then / now of each
    |- JournalError                        an unfinished run is in the way; says how to resume
    |- SecretUnavailable                   a source that was named gave nothing
    |- EmbeddedPanelError                  the embedded panel can't use its store or its world; the file and the way out are named
    `- PanelError(call, address)
       |- PanelUnreachable                 nothing was sent, or it is certain that nothing happened
       |- PanelAmbiguous                   sent, and no answer that can be trusted
       |- PanelUnauthorised                the panel does not take these credentials, or not for this
       |- PanelFault                       a SOAP fault
       |- PanelRefused(code, slug)         a negative business code, with the exceeding quotas if the panel sent them
       |- PanelNotUnderstood(fragment)     their XML, our ignorance
       `- CallForbidden                    never sent: a write in a read-only command, out of scope, over --max-calls

What the user can mend in bulk is a *Finding* and is collected (`diagnostics.py`); an exception means stop now.
Addresses are carried as ``str``, so that this floor knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resellerplan.diagnostics import Finding

__all__ = [
    "CallForbidden",
    "DependencyCycle",
    "EmbeddedPanelError",
    "JournalError",
    "ManifestInvalid",
    "PanelAmbiguous",
    "PanelError",
    "PanelFault",
    "PanelNotUnderstood",
    "PanelRefused",
    "PanelUnauthorised",
    "PanelUnreachable",
    "PlanError",
    "PlanFileInvalid",
    "PlanRefused",
    "ResellerPlanError",
    "SecretUnavailable",
    "StalePlan",
    "UsageError",
]


class ResellerPlanError(Exception):
    """An expected error. ``message`` is one clear sentence for the user; ``detail`` says why it matters; ``hint`` what to do."""

    def __init__(self, message: str, *, detail: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hint = hint


class UsageError(ResellerPlanError):
    """The command line or the settings can't be meant so (exit 64)."""


class ManifestInvalid(ResellerPlanError):
    """The manifest has errors: ``findings`` holds all of them, warnings too, in the order in which they are shown."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{len(self.findings)} findings in the manifest")


class PlanError(ResellerPlanError):
    """No plan could be made, or the plan can't be used."""


class DependencyCycle(PlanError):
    """Changes that wait for each other. ``edges`` are pairs (who waits, for whom), as addresses."""

    def __init__(self, edges: Sequence[tuple[str, str]]) -> None:
        self.edges = tuple(edges)
        shown = "\n".join(f"  {waits} waits for {whom}" for waits, whom in self.edges)
        super().__init__("these changes wait for each other", detail=shown, hint="break the circle in the manifest")


class PlanRefused(PlanError):
    """A guard said no. ``findings`` name the rule, the place, and the flag that allows it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("the plan is refused")


class PlanFileInvalid(PlanError):
    """Not a plan file of ours, damaged, or made by another version or for another panel."""


class StalePlan(PlanError):
    """Objects moved since the plan was made. ``objects`` are addresses."""

    def __init__(self, objects: Sequence[str]) -> None:
        self.objects = tuple(objects)
        super().__init__("the plan is stale: " + ", ".join(self.objects), hint="run `resellerplan plan` again")


class JournalError(ResellerPlanError):
    """An unfinished run is in the way, or the journal can't be written or read."""


class SecretUnavailable(ResellerPlanError):
    """A source of a secret that was named in the manifest or the settings gave nothing."""


class EmbeddedPanelError(ResellerPlanError):
    """The embedded panel can't use its store or its world; its own classes say which."""


class PanelError(ResellerPlanError):
    """Something between us and the panel. ``call`` is ``"esUsers.AddUser"``; ``address`` the object concerned, if any."""

    def __init__(
        self, message: str, *, call: str = "", address: str | None = None, detail: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, detail=detail, hint=hint)
        self.call = call
        self.address = address


class PanelUnreachable(PanelError):
    """Nothing was sent, or it is certain that nothing happened: sending again is safe.

    ``given_up`` says that it was tried again and again already, so that who hears of it does not start all over.
    """

    given_up = False


class PanelAmbiguous(PanelError):
    """The request went out and no answer came that can be trusted: it may or may not have happened."""


class PanelUnauthorised(PanelError):
    """The panel does not take these credentials, or does not allow this account to do it."""


class PanelFault(PanelError):
    """A SOAP fault: ``code`` and ``text`` as the panel sent them. On a write it does not say that nothing happened."""

    def __init__(
        self, text: str, *, code: str = "", call: str = "", address: str | None = None, hint: str = ""
    ) -> None:
        super().__init__(f"the panel reported a fault: {text}", call=call, address=address, hint=hint)
        self.code = code
        self.text = text


class PanelRefused(PanelError):
    """A negative business code (contract 4).

    ``code`` is the panel's number, ``slug`` our stable name for it, ``exceeding`` rows of (quota name, by how much) for -305.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int,
        slug: str,
        exceeding: Sequence[tuple[str, int]] = (),
        call: str = "",
        address: str | None = None,
        detail: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, call=call, address=address, detail=detail, hint=hint)
        self.code = code
        self.slug = slug
        self.exceeding = tuple(exceeding)


class PanelNotUnderstood(PanelError):
    """A reply that we can't read. ``fragment`` is its beginning, shortened and made harmless."""

    def __init__(
        self, message: str, *, fragment: str = "", call: str = "", address: str | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, call=call, address=address, detail=fragment, hint=hint)
        self.fragment = fragment


class CallForbidden(PanelError):
    """We did not send it: a write in a read-only command, an object outside the reseller's scope, or over ``--max-calls``."""
