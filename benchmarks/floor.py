"""The floor of a no-op plan: what any program must do that reads these replies and this manifest in Python, and nothing else.

    python benchmarks/floor.py REQUESTS.json MANIFEST HOST PORT CONNECTIONS

Sends the requests (those that our own plan was seen to send) by http.client, reads the replies streamed through expat, keeping each
row as a dict, reads the manifest from libyaml's events into dicts, and compares dicts. No checks, no places, no messages.
"""

from __future__ import annotations

import base64
import http.client
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from xml.parsers import expat

import yaml

Row = dict[str, str]
CHUNK = 65536


def rows_of(reply: http.client.HTTPResponse) -> list[Row]:
    """Every element of a reply that has leaves, as a dict of their texts; streamed."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    rows: list[Row] = []
    stack: list[Row] = []
    text: list[str] = []

    def start(_name: str, _attributes: dict[str, str]) -> None:
        stack.append({})
        text.clear()

    def end(name: str) -> None:
        row = stack.pop()
        if row:
            rows.append(row)
        elif stack:
            stack[-1][name.rpartition(" ")[2]] = "".join(text)
        text.clear()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    empty = True
    while chunk := reply.read(CHUNK):
        parser.Parse(chunk, False)
        empty = False
    if not empty:  # a 404 of the detection has no body
        parser.Parse(b"", True)
    return rows


def live_rows(requests: list[dict[str, object]], host: str, port: int, connections: int) -> list[Row]:
    """All rows of all replies, over as many connections as the plan has."""
    free: SimpleQueue[http.client.HTTPConnection] = SimpleQueue()
    for _ in range(connections):
        free.put(http.client.HTTPConnection(host, port))

    def send(request: dict[str, object]) -> list[Row]:
        connection = free.get()
        try:
            body = base64.b64decode(str(request["body"]))
            headers = request["headers"]
            assert isinstance(headers, dict)
            connection.request(str(request["method"]), str(request["path"]), body or None, headers)
            return rows_of(connection.getresponse())
        finally:
            free.put(connection)

    with ThreadPoolExecutor(connections) as pool:
        return [row for rows in pool.map(send, requests) for row in rows]


def data_of(path: str) -> object:
    """The manifest as dicts, lists and texts, from libyaml's events."""
    with open(path, "rb") as stream:
        events: Iterator[object] = iter(yaml.parse(stream, Loader=yaml.CLoader))
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                return node(next(events), events)
    return None


def node(event: object, events: Iterator[object]) -> object:
    """One node and all below it."""
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(entry := next(events), yaml.SequenceEndEvent):
            items.append(node(entry, events))
        return items
    mapping = {}
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        assert isinstance(key, yaml.ScalarEvent)
        mapping[key.value] = node(next(events), events)
    return mapping


FIELDS = {
    "first_name": "FirstName",
    "last_name": "LastName",
    "email": "Email",
    "address": "Address",
    "city": "City",
    "zip": "Zip",
    "country": "Country",
    "phone": "PrimaryPhone",
}


def field(row: Row, name: str) -> str | None:
    """A column of a list row, or the same member of a full record, which the 2.x panel spells with a small first letter."""
    return row.get(name, row.get(name[0].lower() + name[1:]))


def main() -> int:
    """Compare and say how much is equal; 1 where anything is missing."""
    requests, manifest, host, port, connections = sys.argv[1:6]
    with open(requests, encoding="utf-8") as stream:
        rows = live_rows(json.load(stream), host, int(port), int(connections))
    users: dict[str, Row] = {}
    spaces: set[str] = set()
    for row in rows:
        username = field(row, "Username")
        if username is not None and field(row, "Email") is not None:
            users.setdefault(username, {}).update(
                {name: value for name in FIELDS.values() if (value := field(row, name)) is not None}
            )
        package = field(row, "PackageName")
        if package is not None:
            spaces.add(package)
    data = data_of(manifest)
    assert isinstance(data, dict)
    same = 0
    for customer in data["customers"]:
        wanted = {FIELDS[name]: value for name, value in customer.items() if name in FIELDS}
        found = users.get(customer["username"], {})
        same += {name: found.get(name) for name in wanted} == wanted and customer["spaces"][0]["name"] in spaces
    print(f"{same} of {len(data['customers'])} equal")
    return 0 if same == len(data["customers"]) else 1


if __name__ == "__main__":
    sys.exit(main())
