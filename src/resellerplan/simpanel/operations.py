"""Every operation, class and enumeration of the panel's services, for both faces.

The facts stand in ``operations.json`` beside this module, extracted by ``tests/support/extract_operations.py`` from the
recorded WSDL and XSD documents of a SolidCP 1.5.1 (face ``asmx``) and a FuseCP 2.0.0 (face ``corewcf``).

A *member* is a parameter, a result or a member of a class. Its ``name`` is what stands on the wire, its ``property`` the
public property name that services use (contract 3.3: 2.x writes private field names and compiler-made ones).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

__all__ = [
    "ArrayType",
    "Catalogue",
    "ClassType",
    "Document",
    "EnumType",
    "Face",
    "Member",
    "NamedType",
    "Operation",
    "Service",
    "catalogue",
]

Face = Literal["asmx", "corewcf"]


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, a result or a member of a class.

    ``type`` is ``xs:int`` and the like, ``guid``, ``char``, ``DataSet``, or the name of a :data:`NamedType`.
    ``required`` means minOccurs 1; ``nillable`` that the schema allows ``xsi:nil``.
    """

    name: str
    type: str
    required: bool
    nillable: bool
    property: str


@dataclass(frozen=True, slots=True)
class ClassType:
    """A class: its own members in wire order; those of ``base`` come before them."""

    name: str
    namespace: str
    members: tuple[Member, ...]
    base: str | None = None
    generic: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ArrayType:
    """An array: the element name of an item, its type, and whether an item may be nil."""

    name: str
    namespace: str
    item: str
    type: str
    nillable: bool


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enumeration: the member names; ``numbers`` where the schema states other values than 0, 1, 2 ..."""

    name: str
    namespace: str
    values: tuple[str, ...]
    numbers: tuple[int | None, ...] | None = None


NamedType = ClassType | ArrayType | EnumType


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: parameters in declared order, the result (``None``: a void method)."""

    service: str
    name: str
    parameters: tuple[Member, ...]
    result: Member | None


@dataclass(frozen=True, slots=True)
class Document:
    """One schema of a service's WSDL: its namespace, what it imports, and the types declared in it, in order."""

    namespace: str
    imports: tuple[str, ...]
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its namespace, its operations in declared order, the schemas of its WSDL."""

    name: str
    namespace: str
    operations: Mapping[str, Operation]
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All services and types of one face."""

    face: Face
    services: Mapping[str, Service]
    types: Mapping[str, NamedType]

    def members(self, name: str) -> tuple[Member, ...]:
        """All members of a class in wire order, those of its bases first."""
        found = self.types[name]
        if not isinstance(found, ClassType):
            raise TypeError(f"{name} is not a class")
        return (self.members(found.base) if found.base else ()) + found.members

    def without(
        self,
        *,
        operations: frozenset[tuple[str, str]] = frozenset(),
        parameters: frozenset[tuple[str, str, str]] = frozenset(),
        members: frozenset[tuple[str, str]] = frozenset(),
        renamed: Mapping[tuple[str, str], str] = MappingProxyType({}),
        namespace: Mapping[str, str] = MappingProxyType({}),
    ) -> Catalogue:
        """The catalogue of an older version: without these, with members renamed on the wire, with other service namespaces."""

        def service(old: Service) -> Service:
            kept = {
                o.name: replace(o, parameters=tuple(p for p in o.parameters if (old.name, o.name, p.name) not in parameters))
                for o in old.operations.values()
                if (old.name, o.name) not in operations
            }
            target = namespace.get(old.namespace, old.namespace)
            documents = tuple(replace(d, namespace=namespace.get(d.namespace, d.namespace)) for d in old.documents)
            return replace(old, namespace=target, operations=kept, documents=documents)

        def type_(old: NamedType) -> NamedType:
            target = namespace.get(old.namespace, old.namespace)
            if not isinstance(old, ClassType):
                return replace(old, namespace=target)
            kept = tuple(
                replace(m, name=renamed.get((old.name, m.property), m.name))
                for m in old.members
                if (old.name, m.property) not in members
            )
            return replace(old, namespace=target, members=kept)

        return replace(
            self,
            services={n: service(s) for n, s in self.services.items()},
            types={n: type_(t) for n, t in self.types.items()},
        )


def _member(packed: list[str]) -> Member:
    name, type_, flags = packed[:3]
    return Member(name, type_, "r" in flags, "n" in flags, packed[3] if len(packed) > 3 else name)


def _named_type(name: str, namespace: str, data: dict[str, Any]) -> NamedType:
    match data["kind"]:
        case "class":
            members = tuple(_member(m) for m in data["members"])
            return ClassType(name, namespace, members, data.get("base"), data.get("generic"))
        case "array":
            return ArrayType(name, namespace, data["item"], data["type"], data["nillable"])
        case _:
            numbers = data.get("numbers")
            return EnumType(name, namespace, tuple(data["values"]), None if numbers is None else tuple(numbers))


def _service(name: str, data: dict[str, Any]) -> Service:
    operations = {
        o: Operation(name, o, tuple(_member(p) for p in v["p"]), _member(v["r"]) if v["r"] else None)
        for o, v in data["operations"].items()
    }
    if "documents" in data:
        documents = tuple(Document(d["namespace"], tuple(d["imports"]), tuple(d["types"])) for d in data["documents"])
    else:
        documents = (Document(data["namespace"], (), tuple(data["types"])),)
    return Service(name, data["namespace"], operations, documents)


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files(__package__).joinpath("operations.json").read_text("utf-8"))
    return found


@cache
def catalogue(face: Face) -> Catalogue:
    """The catalogue of a face as recorded (SolidCP 1.5.1 for ``asmx``, FuseCP 2.0.0 for ``corewcf``).

    On 1.x a type stands in the namespace of the service that uses it, so ``namespace`` of such a type is empty here.
    """
    data = _data()[face]
    types = {n: _named_type(n, t.get("namespace", ""), t) for n, t in data["types"].items()}
    services = {n: _service(n, s) for n, s in data["services"].items()}
    return Catalogue(face, services, types)
