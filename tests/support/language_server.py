"""A small editor: it speaks to a language server over standard input and output (JSON-RPC with headers)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["Editor"]


class Editor:
    """One session with a language server. Use it as a context manager; the process ends with it."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self._number = 0
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}

    def __enter__(self) -> Editor:
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"completion": {"completionItem": {}}}}
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self.tell("initialized", {})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait(timeout=10)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def open(self, uri: str, text: str) -> list[dict[str, Any]]:
        """Open a document and wait for what the server has to say about it."""
        self._diagnostics.pop(uri, None)
        self.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}})
        while uri not in self._diagnostics:
            self._hear()
        return self._diagnostics[uri]

    def complete(self, uri: str, line: int, character: int) -> list[str]:
        """Labels of the completions at a position (both from 0)."""
        found = self.ask(
            "textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        )
        items = found["items"] if isinstance(found, dict) else found or []
        return [item["label"] for item in items]

    def ask(self, method: str, params: object) -> Any:
        """Send a request and wait for its answer."""
        self._number += 1
        number = self._number
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        while True:
            message = self._hear()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message["error"]
                return message.get("result")

    def tell(self, method: str, params: object) -> None:
        """Send a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def _send(self, message: object) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        """The next message; requests of the server are answered, diagnostics are kept."""
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while (line := stream.readline().strip()) or not length:
            assert line or self._process.poll() is None, "the language server ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(stream.read(length))
        if message.get("method") == "workspace/configuration":
            wanted = message["params"]["items"]
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": [self._setting(item.get("section")) for item in wanted]})
        elif "method" in message and "id" in message:
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})
        elif message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message

    def _setting(self, section: str | None) -> object:
        """No schema store: nothing is fetched from anywhere."""
        return {"schemaStore": {"enable": False}, "validate": True, "completion": True} if section == "yaml" else {}
