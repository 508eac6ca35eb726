"""Does a document fit the language? A fast gate says yes; for what it refuses, our own words say why.

jsonschema-rs checks a whole document in one call against the schema that is made from the table of the language. Only when it
refuses are the entries that do not fit looked for and walked, so a hundred errors among ten thousand customers cost little more
than none. Where jsonschema-rs is missing, every entry is walked: the walk alone accepts exactly what the schema accepts (a property
of the tests says so), it only takes longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, cast

from resellerplan.manifest.forms import Record
from resellerplan.manifest.language import Language, language_of
from resellerplan.manifest.misfits import Misfit, misfits_of
from resellerplan.manifest.schema_build import gate_schema
from resellerplan.model.quotas import Catalogue

__all__ = ["Gate", "Shapes", "fastest_gate", "no_gate"]

Accepts: TypeAlias = Callable[[object], bool]


class Gate(Protocol):
    """Makes a quick check of a schema; None where there is none."""

    def __call__(self, schema: Mapping[str, object]) -> Accepts | None:
        """A function that says whether a value fits the schema."""
        ...


def fastest_gate(schema: Mapping[str, object]) -> Accepts | None:
    """jsonschema-rs, where it is installed."""
    try:
        import jsonschema_rs
    except ImportError:
        return None
    validator = jsonschema_rs.Draft202012Validator(dict(schema))

    def accepts(value: object) -> bool:
        try:
            return validator.is_valid(value)
        except ValueError:  # a text that is no Unicode (a lone surrogate): the walk says where
            return False

    return accepts


def no_gate(schema: Mapping[str, object]) -> None:
    """The gate of a machine without jsonschema-rs: everything is walked."""
    del schema


_LISTS: Final = ("plans", "customers", "spaces")


@dataclass(frozen=True, eq=False)
class Shapes:
    """The check of one run: for a catalogue, with or without passwords in the text."""

    language: Language
    literal_passwords: bool
    document: Accepts | None
    entry: Mapping[str, Accepts | None]

    @classmethod
    def of(cls, catalogue: Catalogue, *, literal_passwords: bool = False, gate: Gate = fastest_gate) -> Shapes:
        """Make the checks; the one for whole documents only, those for entries when they are needed."""
        language = language_of(catalogue)
        schema = gate_schema(language, literal_passwords=literal_passwords)
        return cls(language, literal_passwords, gate(schema), _Lazily(schema, gate))

    def misfits(self, data: object) -> Iterator[Misfit]:
        """All that does not fit in a document's data."""
        if self.document is not None and self.document(data):
            yield from self._defaults(data)
            return
        found = False
        for misfit in self._walk(data):
            found = True
            yield misfit
        if self.document is not None and not found:
            yield Misfit("RP1299", (), False, "", "")

    def _walk(self, data: object) -> Iterator[Misfit]:
        if not isinstance(data, dict):
            yield from misfits_of(self.language.manifest, data, (), self.literal_passwords)
            return
        rest = {key: [] if key in _LISTS and isinstance(value, list) else value for key, value in data.items()}
        yield from misfits_of(self.language.manifest, rest, (), self.literal_passwords, lenient=("defaults",))
        for key in _LISTS:
            if isinstance(entries := data.get(key), list):
                accepts = self.entry[key]
                form = cast(Record, getattr(self.language, key.removesuffix("s")))
                for number, entry in enumerate(cast(Sequence[object], entries)):
                    if accepts is None or not accepts(entry):
                        yield from misfits_of(form, entry, (key, number), self.literal_passwords)

    def _defaults(self, data: object) -> Iterator[Misfit]:
        """``defaults:`` may hold templates, which are rendered where they are used: so it is always walked, and leniently."""
        if isinstance(data, dict) and "defaults" in data:
            only = {"defaults": data["defaults"]}
            yield from misfits_of(self.language.manifest, only, (), self.literal_passwords, lenient=("defaults",))


class _Lazily(Mapping[str, Accepts | None]):
    """Checks of single entries, made when the first document was refused."""

    def __init__(self, schema: Mapping[str, object], gate: Gate) -> None:
        self._schema = schema
        self._gate = gate
        self._made: dict[str, Accepts | None] = {}

    def __getitem__(self, key: str) -> Accepts | None:
        if key not in self._made:
            properties = cast(Mapping[str, Mapping[str, object]], self._schema["properties"])
            items = cast(Mapping[str, object], properties[key]["items"])
            self._made[key] = self._gate({**items, "$defs": self._schema.get("$defs", {})})
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_LISTS)

    def __len__(self) -> int:
        return len(_LISTS)
