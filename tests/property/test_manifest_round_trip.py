"""An estate written as a manifest and read again is equal to itself."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import example, given

from resellerplan.manifest.build import build
from resellerplan.manifest.export import exported
from resellerplan.manifest.shape import Shapes
from resellerplan.model.address import Address
from resellerplan.model.estate import Estate
from resellerplan.model.quotas import shipped_catalogue
from resellerplan.model.resource import Resource
from tests.support.manifests import UNHURRIED, document_of, manifests

CATALOGUE = shipped_catalogue()
SHAPES = Shapes.of(CATALOGUE)


def _read(data: object) -> Mapping[Address, Resource]:
    document = document_of(data)
    assert list(SHAPES.misfits(document.data)) == []
    return build([document], CATALOGUE).resources


@UNHURRIED
@given(data=manifests())
@example(data={"spaces": [{"customer": "a", "plan": "W", "addons": [{"plan": "X"}, {"plan": "X", "quantity": 2**31 - 1}]}]})
def test_build_of_export_is_the_same_estate(data: dict[str, object]) -> None:
    estate = Estate(resources=_read(data))
    again = Estate(resources=_read(exported(estate, CATALOGUE)))
    assert again == estate
