"""What a dialect is: data about one kind of panel's wire, and the encoding that follows from it.

Both kinds speak document/literal wrapped SOAP 1.1. They differ in namespaces, in member names and order, and in what null is:
on 1.x a null string is an *omitted* element (``xsi:nil`` would be the empty text), on 2.x it is ``i:nil`` in its place, and every
member must be sent in order (contract 1.2, 1.4, 3.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from resellerplan.panel.calls import Call
from resellerplan.panel.record import Record
from resellerplan.soap.node import Node, plain_name
from resellerplan.soap.values import Scalar, write_scalar

__all__ = ["Dialect", "Member", "Value", "members"]

Value = Scalar | None | Sequence[Mapping[str, "Value"]] | Sequence[str]
"""A value to be sent: a scalar, null, a list of objects, or (type ``strings``) a list of texts."""

_DEFAULTS: Mapping[str, Scalar] = {"int": 0, "bool": False, "decimal": Decimal(0), "date": datetime(1, 1, 1)}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a class: its spelling on the wire and its type (int, bool, str, decimal, date, or ``[Class]`` for a list)."""

    name: str
    type: str

    @property
    def plain(self) -> str:
        """The name both dialects agree on."""
        return plain_name(self.name)


def members(text: str) -> tuple[Member, ...]:
    """``"userId:int username"`` as members; a name without a type is a text."""
    pairs = (word.partition(":") for word in text.split())
    return tuple(Member(name, type_ or "str") for name, _, type_ in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One kind of panel. ``classes`` hold the members in wire order; ``dropped`` are members of a reply that are never sent back.

    ``prefixes`` declare the namespaces of objects (``types_namespace``) and arrays; ``tempuri`` are services with another
    namespace. ``path`` and ``action`` are patterns with ``{service}``, ``{operation}``, ``{namespace}``.
    """

    name: str
    path: str
    action: str
    namespace: str
    tempuri: frozenset[str]
    tempuri_namespace: str = "http://tempuri.org/"
    types_namespace: str = ""
    arrays_namespace: str = ""
    null_is_omitted: bool
    prefixes: Mapping[str, str]
    classes: Mapping[str, tuple[Member, ...]]
    dropped: Mapping[str, frozenset[str]]

    def namespace_of(self, service: str) -> str:
        """The namespace of a service's operations."""
        return self.tempuri_namespace if service in self.tempuri else self.namespace

    def path_of(self, service: str) -> str:
        """The path below the panel's URL."""
        return self.path.format(service=service)

    def action_of(self, service: str, operation: str) -> str:
        """The SOAPAction, without quotes."""
        namespace = self.namespace_of(service)
        if not namespace.endswith("/"):
            namespace += "/"
        return self.action.format(namespace=namespace, service=service, operation=operation)

    def parameters(self, call: Call, arguments: Mapping[str, Value | Node]) -> list[Node]:
        """The elements of a call's parameters, in order. A value may be a ready :class:`Node` (a changed object, a secret).

        Raises TypeError for a name that the call does not have, or one that is missing.
        """
        unknown = set(arguments) - {parameter.name for parameter in call.parameters}
        if unknown:
            raise TypeError(f"{call} has no parameter {', '.join(sorted(unknown))}")
        nodes: list[Node] = []
        for parameter in call.parameters:
            value = arguments[parameter.name]
            node = value if isinstance(value, Node) else self._node(parameter.name, "", parameter.type, value)
            if node is not None:
                nodes.append(node)
        return nodes

    def object_(self, class_name: str, values: Mapping[str, Value], *, element: str, namespace: str = "") -> Node:
        """A new object: every member of the class in order, those not named at .NET's default or null."""
        unknown = set(values) - {member.plain for member in self.classes[class_name]}
        if unknown:
            raise TypeError(f"{class_name} has no member {', '.join(sorted(unknown))}")
        children = []
        for member in self.classes[class_name]:
            value = values.get(member.plain, _DEFAULTS.get(member.type))
            node = self._node(member.name, self.types_namespace, member.type, value)
            if node is not None:
                children.append(node)
        return Node(element, children=children, namespace=namespace)

    def changed(self, class_name: str, base: Record, changes: Mapping[str, Value], *, element: str) -> Node:
        """The object as it was read, with some members replaced: all others go back as they came, unknown ones too.

        A member that a null made 1.x leave out is put in where the class has it.
        """
        table = self.classes[class_name]
        order = {member.plain: index for index, member in enumerate(table)}
        types = {member.plain: member for member in table}
        unknown = set(changes) - set(order)
        if unknown:
            raise TypeError(f"{class_name} has no member {', '.join(sorted(unknown))}")
        dropped = self.dropped.get(class_name, frozenset())
        children = [child for child in base.node.children if plain_name(child.name) not in dropped]
        present = {plain_name(child.name): index for index, child in enumerate(children)}
        added: list[Node] = []
        for plain, value in changes.items():
            member = types[plain]
            node = self._node(member.name, self.types_namespace, member.type, value)
            if plain in present:
                children[present[plain]] = node if node is not None else _OMITTED
            elif node is not None:
                added.append(node)
        children = [child for child in children if child is not _OMITTED]
        for node in added:
            position = order[plain_name(node.name)]
            at = next((i for i, child in enumerate(children) if order.get(plain_name(child.name), -1) > position), len(children))
            children.insert(at, node)
        return Node(element, children=children)

    def _node(self, name: str, namespace: str, type_: str, value: Value) -> Node | None:
        if value is None:
            return None if self.null_is_omitted else Node(name, namespace=namespace, nil=True)
        if type_ == "strings":
            assert not isinstance(value, Scalar)
            texts = [Node("string", str(text), namespace=self.arrays_namespace) for text in value]
            return Node(name, children=texts, namespace=namespace)
        if type_.startswith("["):
            assert not isinstance(value, Scalar)
            class_name = type_[1:-1]
            items = [
                self.object_(class_name, item, element=class_name, namespace=self.types_namespace)
                for item in value
                if not isinstance(item, str)
            ]
            return Node(name, children=items, namespace=namespace)
        assert isinstance(value, Scalar)
        return Node(name, write_scalar(value), namespace=namespace)


_OMITTED = Node("omitted")
