"""A panel's own groups and quotas, kept beside the manifest: what it has is known from then on, and what it lacks is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from resellerplan.model.quotas import Flavour, shipped_catalogue
from tests.support.command_line import resellerplan

MANIFEST = """\
plans:
  - name: Web S
    groups:
      OS: {Diskspace: 5 GB, Domains: 1}
customers:
  - username: mueller
    spaces: [{plan: Web S}]
"""


@pytest.mark.parametrize(
    ("flavour", "catalogue"),
    [("fusecp-2-ef", Flavour.FUSECP2), ("solidcp-1.5", Flavour.SOLIDCP1)],
)
def test_the_panels_own_catalogue_is_kept_and_decides(flavour: str, catalogue: Flavour, tmp_path: Path) -> None:
    environ = {"RESELLERPLAN_URL": "embedded:panel.sqlite", "HOME": str(tmp_path), "RESELLERPLAN_DATA_DIR": str(tmp_path / "state")}
    assert resellerplan("panel", "seed", "panel.sqlite", "--flavour", flavour, folder=tmp_path, environ=environ).code == 0
    (tmp_path / "resellerplan.yaml").write_text(MANIFEST, encoding="utf-8")
    ran = resellerplan("schema", "--from-panel", folder=tmp_path, environ=environ)
    assert ran.code == 0, ran.err
    shipped = shipped_catalogue(catalogue)
    visible = [quota for group in shipped.groups for quota in shipped.visible(group)]
    assert f"{len(visible)} quotas" in ran.err

    assert resellerplan("validate", folder=tmp_path, environ=environ).code == 0
    lock = (tmp_path / "catalogue.lock.yaml").read_text(encoding="utf-8")
    assert "own_package: {name: 'Reseller L', groups: ['OS', 'Web', 'FTP', 'Mail', 'DNS']}\n" in lock
    more = MANIFEST.replace("      OS:", "      MySQL8: {Databases: 1}\n      OS:")
    (tmp_path / "resellerplan.yaml").write_text(more, encoding="utf-8")
    assert "RP1606" in resellerplan("validate", folder=tmp_path, environ=environ).err
    schema = json.loads((tmp_path / "manifest.schema.json").read_text(encoding="utf-8"))
    has_sql_2025 = "MsSQL2025" in schema["$defs"]["groups"]["properties"]
    assert has_sql_2025 is (catalogue is Flavour.FUSECP2)

    newer = MANIFEST.replace("      OS:", "      MsSQL2025: {Databases: 1}\n      OS:")
    (tmp_path / "resellerplan.yaml").write_text(newer, encoding="utf-8")
    told = resellerplan("validate", folder=tmp_path, environ=environ)
    assert told.code == (0 if has_sql_2025 else 1), told.err
    assert ("RP1203" in told.err) is not has_sql_2025
