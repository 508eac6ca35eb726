"""Where passwords come from and go to: what a manifest may not allow itself, and what would end in git."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import assert_never

from resellerplan.diagnostics import Finding
from resellerplan.manifest.checks.declarations import Declarations, title_of
from resellerplan.model.address import Address
from resellerplan.model.customer import (
    AgeSink,
    CommandSink,
    Customer,
    FileSink,
    FromCommand,
    FromEnv,
    FromFile,
    Generated,
    InText,
    Sink,
)

__all__ = ["passwords"]


def passwords(held: Declarations) -> Iterator[Finding]:
    """RP1503 to RP1508."""
    inside = _inside(held)
    for customer in held.customers.values():
        match customer.password:
            case None | FromEnv() | InText():
                pass
            case FromFile(path):
                if not _within(held, customer, path, inside):
                    yield from _told(
                        held, customer, "RP1504", "file", "move it below the manifest, or pass --allow-secret-files DIR"
                    )
            case FromCommand():
                if not held.options.secret_commands:
                    yield from _told(held, customer, "RP1503", "command", "pass --allow-secret-commands if you trust this manifest")
            case Generated(sink=sink):
                yield from _sink(held, customer, sink, inside)
            case _:
                assert_never(customer.password)


def _sink(held: Declarations, customer: Customer, sink: Sink, inside: tuple[str, ...]) -> Iterator[Finding]:
    match sink:
        case AgeSink(recipients=recipients):
            if not recipients and "recipients" not in held.settings.places:
                yield from _told(held, customer, "RP1505", "to", "add `recipients:` at the top of the manifest")
        case FileSink(path):
            if _within(held, customer, path, inside[:1]):
                yield from _told(
                    held, customer, "RP1508", "to", "end the name in .age and give `recipients:`, or name a place elsewhere"
                )
        case CommandSink():
            if not held.options.secret_commands:
                yield from _told(held, customer, "RP1503", "to", "pass --allow-secret-commands if you trust this manifest")
        case _:
            assert_never(sink)


def _told(held: Declarations, customer: Customer, code: str, key: str, hint: str) -> Iterator[Finding]:
    address: Address = customer.self_address
    place = held.where.declared[address].place("password", key)
    yield held.tell(code, address, "password", title_of(address), hint=hint, place=place)


def _inside(held: Declarations) -> tuple[str, ...]:
    """Folders that files of secrets may lie in, as absolute paths: the repository first, then those allowed from outside."""
    here = os.path.abspath(held.options.here)
    allowed = (os.path.normpath(os.path.join(here, folder)) for folder in held.options.secret_folders)
    return (held.settings.repository, *allowed)


def _within(held: Declarations, customer: Customer, path: str, folders: tuple[str, ...]) -> bool:
    """Whether a path lies below one of the folders, as written; links are the business of who opens it."""
    written = path.replace("\\", "/")
    here = os.path.abspath(held.options.here)
    folder = held.where.declared[customer.self_address].document.folder
    full = os.path.normpath(os.path.join(here, folder, written))
    return any(full.startswith(one.rstrip(os.sep) + os.sep) for one in folders)
