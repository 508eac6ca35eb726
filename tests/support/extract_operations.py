"""Extract the table of operations and classes from the recorded WSDL and XSD documents.

What it writes, ``src/resellerplan/simpanel/operations.json``, holds protocol facts only: names, orders, types, nullability.
Run it after the recordings changed::

    python -m tests.support.extract_operations

A test asserts that the packaged file equals what :func:`extract` makes of the recordings.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"
TARGET = Path(__file__).resolve().parents[2] / "src" / "resellerplan" / "simpanel" / "operations.json"

XS = "{http://www.w3.org/2001/XMLSchema}"
SERIALIZATION = "{http://schemas.microsoft.com/2003/10/Serialization/}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
XSD_NAMESPACE = "http://www.w3.org/2001/XMLSchema"
GUID_1X = "http://microsoft.com/wsdl/types/"
BUILT_IN_2X = "http://schemas.microsoft.com/2003/10/Serialization/"

BACKING_FIELD = re.compile(r"^_x003C_(.+)_x003E_k__BackingField$")

Json = dict[str, Any]


class _Document:
    """A parsed document that still knows the namespace of every prefix at every element."""

    def __init__(self, path: Path) -> None:
        self.scopes: dict[ET.Element, dict[str, str]] = {}
        stack: list[dict[str, str]] = [{}]
        fresh: dict[str, str] = {}
        root: ET.Element | None = None
        for event, item in ET.iterparse(path, ("start-ns", "start", "end")):
            if event == "start-ns":
                fresh[item[0]] = item[1]
            elif event == "start":
                root = item if root is None else root
                stack.append({**stack[-1], **fresh})
                fresh = {}
                self.scopes[item] = stack[-1]
            else:
                stack.pop()
        if root is None:
            raise ValueError(f"{path}: empty document")
        self.root = root

    def name(self, element: ET.Element, text: str) -> tuple[str, str]:
        """The namespace and local name that the qualified name ``text`` has at ``element``."""
        prefix, _, local = text.rpartition(":")
        return self.scopes[element].get(prefix, ""), local


def _type_of(document: _Document, element: ET.Element) -> str:
    """``xs:int``, ``guid``, ``char``, ``DataSet`` or the name of a class, array or enumeration."""
    stated = element.get("type")
    if stated is None:
        inner = element.find(f"{XS}complexType")
        if inner is None:
            return "xs:anyType"
        if inner.find(f".//{XS}any") is not None:
            return "DataSet"
        raise ValueError(f"anonymous type in {element.get('name')}")
    namespace, local = document.name(element, stated)
    return f"xs:{local}" if namespace == XSD_NAMESPACE else local


def _member(document: _Document, element: ET.Element, default_minimum: str) -> Json:
    minimum = int(element.get("minOccurs", default_minimum))
    return {
        "name": element.get("name"),
        "type": _type_of(document, element),
        "required": minimum == 1,
        "nillable": element.get("nillable") == "true",
    }


def _members(document: _Document, holder: ET.Element) -> list[Json]:
    sequence = holder.find(f"{XS}sequence")
    return [] if sequence is None else [_member(document, e, "1") for e in sequence.findall(f"{XS}element")]


def _complex(document: _Document, element: ET.Element) -> Json:
    extension = element.find(f"{XS}complexContent/{XS}extension")
    base = None
    holder = element
    if extension is not None:
        base = document.name(extension, extension.get("base", ""))[1]
        holder = extension
    sequence = holder.find(f"{XS}sequence")
    items = [] if sequence is None else sequence.findall(f"{XS}element")
    if base is None and len(items) == 1 and items[0].get("maxOccurs") == "unbounded":
        item = _member(document, items[0], "1")
        return {"kind": "array", "item": item["name"], "type": item["type"], "nillable": item["nillable"]}
    found: Json = {"kind": "class", "members": _members(document, holder)}
    if base is not None:
        found["base"] = base
    generic = element.find(f"{XS}annotation/{XS}appinfo/{SERIALIZATION}GenericType")
    if generic is not None:
        parameters = [dict(p.attrib) for p in generic]
        found["generic"] = {"name": generic.get("Name"), "namespace": generic.get("Namespace"), "parameters": parameters}
    return found


def _simple(element: ET.Element) -> Json:
    values = [e.get("value") for e in element.findall(f"{XS}restriction/{XS}enumeration")]
    stated = f".//{SERIALIZATION}EnumerationValue"
    numbers = [e.find(stated) for e in element.findall(f"{XS}restriction/{XS}enumeration")]
    found: Json = {"kind": "enum", "values": values}
    if any(n is not None for n in numbers):
        found["numbers"] = [None if n is None else int(n.text or "") for n in numbers]
    return found


def _types(document: _Document, schema: ET.Element) -> Iterator[tuple[str, Json]]:
    for element in schema:
        if element.tag == f"{XS}complexType":
            yield element.get("name", ""), _complex(document, element)
        elif element.tag == f"{XS}simpleType":
            yield element.get("name", ""), _simple(element)


def _operations(document: _Document, schema: ET.Element, order: list[str]) -> Json:
    """The wrapped operations: parameters in order and the result (``None`` for a void one)."""
    wrappers = {e.get("name", ""): e for e in schema.findall(f"{XS}element") if e.get("type") is None}
    found: Json = {}
    for name in order:
        request, response = (wrappers[n].find(f"{XS}complexType") for n in (name, f"{name}Response"))
        if request is None or response is None:
            raise ValueError(f"{name}: a wrapper has no type")
        results = _members(document, response)
        found[name] = {"parameters": _members(document, request), "result": results[0] if results else None}
    return found


def _order(definitions: ET.Element) -> list[str]:
    port = definitions.find(f"{WSDL}portType")
    if port is None:
        raise ValueError("no port type")
    return [o.get("name", "") for o in port.findall(f"{WSDL}operation")]


def _merge(types: Json, name: str, found: Json) -> None:
    if types.setdefault(name, found) != found:
        raise ValueError(f"type {name} is described in two ways")


def _extract_1x(folder: Path) -> Json:
    services: Json = {}
    types: Json = {}
    for path in sorted(folder.glob("*.wsdl")):
        document = _Document(path)
        schemas = document.root.findall(f"{WSDL}types/{XS}schema")
        main = schemas[0]
        named = list(_types(document, main))
        for name, found in named:
            _merge(types, name, found)
        services[path.stem] = {
            "namespace": main.get("targetNamespace"),
            "types": [name for name, _ in named],
            "operations": _operations(document, main, _order(document.root)),
        }
    return {"services": services, "types": types}


def _extract_2x(folder: Path) -> Json:
    services: Json = {}
    types: Json = {}
    for path in sorted(p for p in folder.glob("*.wsdl") if p.name.count(".") == 1):
        document = _Document(path)
        port_document = document
        if document.root.find(f"{WSDL}portType") is None:
            port_document = _Document(folder / f"{path.stem}.wsdl0.wsdl")
        documents: list[Json] = []
        operations: Json = {}
        namespace = port_document.root.get("targetNamespace")
        for number in range(len(list(folder.glob(f"{path.stem}.xsd*.xsd")))):
            part = _Document(folder / f"{path.stem}.xsd{number}.xsd")
            target = part.root.get("targetNamespace", "")
            if target == namespace:
                operations = _operations(part, part.root, _order(port_document.root))
            named = [] if target == BUILT_IN_2X else list(_types(part, part.root))
            for name, found in named:
                _merge(types, name, {"namespace": target, **found})
            imports = [e.get("namespace", "") for e in part.root.findall(f"{XS}import")]
            documents.append({"namespace": target, "imports": imports, "types": [name for name, _ in named]})
        services[path.stem] = {"namespace": namespace, "documents": documents, "operations": operations}
    return {"services": services, "types": types}


def _public(wire: str, known: dict[str, str]) -> str:
    """The public property name of a 2.x wire name: decoration stripped, spelt as 1.x does where it knows the member."""
    match = BACKING_FIELD.match(wire)
    plain = match[1] if match else wire
    return known.get(plain.lower(), plain[0].upper() + plain[1:])


def _name_members(old: Json, new: Json) -> None:
    """Add to every 2.x member its public name (``property``) where the wire says it otherwise."""
    for name, found in new["types"].items():
        if found["kind"] != "class":
            continue
        known: dict[str, str] = {}
        twin = old["types"].get(name)
        while twin is not None:
            known = {**{m["name"].lower(): m["name"] for m in twin.get("members", [])}, **known}
            twin = old["types"].get(twin.get("base"))
        for member in found["members"]:
            public = _public(member["name"], known)
            if public != member["name"]:
                member["property"] = public


def extract(recordings: Path = RECORDINGS) -> Json:
    """The whole table, for both faces."""
    old = _extract_1x(recordings / "wsdl-solidcp-1x")
    new = _extract_2x(recordings / "fusecp-2.x" / "wsdl")
    _name_members(old, new)
    return {"asmx": old, "corewcf": new}


def render(table: Json) -> str:
    """The table as the packaged file holds it: one line per operation and per type."""
    return json.dumps(_pack(table), ensure_ascii=False, separators=(",", ":")).replace("},", "},\n") + "\n"


def _pack_member(member: Json) -> list[Any]:
    flags = ("r" if member["required"] else "") + ("n" if member["nillable"] else "")
    packed = [member["name"], member["type"], flags]
    return [*packed, member["property"]] if "property" in member else packed


def _pack(table: Json) -> Json:
    """Members as short lists ``[name, type, flags, property]``: r = required (minOccurs 1), n = nillable."""
    packed: Json = {}
    for face, part in table.items():
        services = {}
        for name, service in part["services"].items():
            operations = {
                o: {"p": [_pack_member(m) for m in v["parameters"]], "r": v["result"] and _pack_member(v["result"])}
                for o, v in service["operations"].items()
            }
            services[name] = {**service, "operations": operations}
        types = {
            n: {**t, "members": [_pack_member(m) for m in t["members"]]} if t["kind"] == "class" else t
            for n, t in part["types"].items()
        }
        packed[face] = {"services": services, "types": types}
    return packed


def main() -> None:
    """Write the packaged table."""
    TARGET.write_text(render(extract()), encoding="utf-8")


if __name__ == "__main__":
    main()
