"""A panel without rules behind a real face: it answers what a test tells it, and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from resellerplan.simpanel.wire import Credentials, NotAuthenticated


@dataclass(slots=True)
class FakePanel:
    """Answers every call with ``result`` (or raises it, when it is an exception).

    ``password`` is the one that it takes of everybody; ``None``: any.
    """

    result: object = None
    password: str | None = None
    asked: list[tuple[str, str, Credentials, Mapping[str, object]]] = field(default_factory=list)
    down: bool = False

    def call(
        self,
        service: str,
        operation: str,
        credentials: Credentials,
        parameters: Callable[[], Mapping[str, object]],
        *,
        peer_address: str = "",
    ) -> object:
        """Note the call and answer it."""
        if service not in ("esAuthentication", "esTest"):
            if credentials.form == "none":
                raise NotAuthenticated("missing")
            if self.password is not None and credentials.password != self.password:
                raise NotAuthenticated("wrong")
        self.asked.append((service, operation, credentials, parameters()))
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def is_down(self) -> bool:
        """As a test says."""
        return self.down

    @property
    def parameters(self) -> Mapping[str, object]:
        """The parameters of the last call."""
        return self.asked[-1][3]
