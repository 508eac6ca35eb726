"""The schema accepts exactly what the walk accepts, and what both accept can be built."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from hypothesis import example, given

from resellerplan.manifest.build import build
from resellerplan.manifest.schema_build import published_schema
from resellerplan.manifest.shape import Shapes, no_gate
from resellerplan.model.quotas import shipped_catalogue
from tests.support.manifests import LANGUAGE, UNHURRIED, damaged, document_of, manifests

CATALOGUE = shipped_catalogue()
GATED = Shapes.of(CATALOGUE)
WALKED = Shapes.of(CATALOGUE, gate=no_gate)
LITERAL_GATED = Shapes.of(CATALOGUE, literal_passwords=True)
LITERAL_WALKED = Shapes.of(CATALOGUE, literal_passwords=True, gate=no_gate)
PUBLISHED = jsonschema_rs.Draft202012Validator(published_schema(LANGUAGE))


@UNHURRIED
@given(data=manifests())
def test_what_the_table_makes_is_accepted_by_gate_walk_and_published_schema(data: dict[str, object]) -> None:
    assert list(WALKED.misfits(data)) == []
    assert GATED.document is not None
    assert GATED.document(data)
    assert PUBLISHED.is_valid(data)


@UNHURRIED
@given(data=damaged())
@example(data={"customers": [{"username": "a\n"}]})
@example(data={"customers": [{"username": "a", "email": "a@b.c\n"}]})
@example(data={"customers": [{"username": "a", "password": 5}]})
@example(data={"plans": [{"name": 5.0}]})
@example(data={"plans": [{"name": "W", "groups": {"OS": {"Diskspace": 5.0}}}]})
@example(data={"plans": [{"name": True}]})
@example(data={"version": 1.0})
@example(data={"version": True})
@example(data={"spaces": [{"customer": "a", "plan": "b", "domain": ""}]})
@example(data=[])
def test_the_gate_accepts_exactly_what_the_walk_accepts(data: Any) -> None:
    for gated, walked in ((GATED, WALKED), (LITERAL_GATED, LITERAL_WALKED)):
        assert gated.document is not None
        assert gated.document(data) == (list(walked.misfits(data)) == [])


@UNHURRIED
@given(data=damaged())
def test_the_published_schema_accepts_exactly_what_the_walk_accepts(data: Any) -> None:
    assert PUBLISHED.is_valid(data) == (list(WALKED.misfits(data)) == [])


@UNHURRIED
@given(data=damaged())
def test_whatever_was_damaged_the_rest_is_built(data: Any) -> None:
    document = document_of(data)
    misfits = [misfit.path if misfit.drop is None else misfit.drop for misfit in GATED.misfits(document.data)]
    build([document], CATALOGUE, (), {0: misfits} if misfits else None)
