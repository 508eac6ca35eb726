"""Contract 2.4 (settings, reports), 2.5 (servers, catalogue): the rest of esPackages and esServers."""

from __future__ import annotations

from typing import Any

from tests.contract.lab import EF, SP, SP2, Lab, checks
from tests.contract.spaces_lab import DAY, NULL, PACKAGE, account, add_domain


def _server(lab: Lab, as_: str = "serveradmin", **members: Any) -> Any:
    record = lab.record("ServerInfo", **{"ServerName": "s", "VirtualServer": True} | members)
    return lab.call("esServers.AddServer", as_, server=record, autoDiscovery=False)


@checks("servers.admin_only", EF, SP)
def test_2_5_servers_are_the_administrators_affair(lab: Lab) -> None:
    assert _server(lab, "brightweb") == -107
    assert lab.call("esServers.DeleteServer", serverId=2) == -107
    assert lab.call("esServers.GetServerById", serverId=1) is None
    assert lab.call("esServers.GetServers") == []


@checks("add_server.agent", EF, SP)
def test_2_5_a_server_that_is_not_virtual_needs_an_agent_that_answers(lab: Lab) -> None:
    assert _server(lab, VirtualServer=False, ServerUrl="http://127.0.0.1:9") < 0
    number = _server(lab)
    assert lab.call("esServers.GetServerById", "serveradmin", serverId=number)["ServerName"] == "s"
    assert lab.call("esServers.GetServerByName", "serveradmin", serverName="s")["ServerId"] == number
    assert lab.call("esServers.DeleteServer", "serveradmin", serverId=number) == 0
    assert lab.call("esServers.DeleteServer", "serveradmin", serverId=1) < 0


@checks("add_server.parents_not_stored", EF, SP)
def test_2_5_the_parent_domain_is_not_stored_by_adding_but_by_updating(lab: Lab) -> None:
    number = _server(lab, ADParentDomain="corp.example")
    found = lab.call("esServers.GetServerById", "serveradmin", serverId=number)
    assert found["ADParentDomain"] is None
    lab.call("esServers.UpdateServer", "serveradmin", server=found | {"ADParentDomain": "corp.example"})
    assert lab.call("esServers.GetServerById", "serveradmin", serverId=number)["ADParentDomain"] == "corp.example"


@checks("resource_groups.order_zero", EF, SP)
def test_2_5_groups_come_in_order_with_order_0(lab: Lab) -> None:
    groups = lab.call("esServers.GetResourceGroups")
    assert [group["GroupName"] for group in groups[:2]] == ["OS", "Web"]
    assert {group["GroupOrder"] for group in groups} == {0}
    assert lab.call("esServers.GetResourceGroup", groupId=7)["GroupName"] == "DNS"
    assert lab.call("esServers.GetResourceGroup", groupId=4711) is None


@checks("quota_hidden.admin_only", EF, SP)
def test_2_5_only_administrators_hide_quotas(lab: Lab) -> None:
    given: dict[str, Any] = {"quotaName": "OS.ODBC", "groupID": 1}
    assert lab.call("esServers.UpdateQuotaHidden", hideQuota=True, **given) == -107
    assert lab.call("esServers.UpdateQuotaHidden", "serveradmin", hideQuota=True, **given) == 0
    assert str(lab.call("esServers.GetQuotaHidden", **given)) == "True"
    names = {q["QuotaName"] for q in lab.call("esPackages.GetHostingPlanContext", planId=2)["QuotasArray"]}
    assert "OS.ODBC" not in names


def _set(lab: Lab, pairs: list[Any], space: int = 4, name: str = "NameServers", as_: str = "brightweb") -> Any:
    settings: dict[str, Any] = {"PackageId": space, "SettingsName": name, "SettingsArray": pairs}
    return lab.call("esPackages.UpdatePackageSettings", as_, settings=settings)


def _get(lab: Lab, space: int = 4, as_: str = "brightweb", name: str = "NameServers") -> tuple[Any, Any]:
    found = lab.call("esPackages.GetPackageSettings", as_, packageId=space, settingsName=name)
    return found["PackageId"], found["SettingsArray"]


@checks("package_settings.rights", EF, SP)
def test_5_3_the_settings_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    assert lab.fault("esPackages.GetPackageSettings", packageId=5, settingsName="NameServers") == PACKAGE
    settings: dict[str, Any] = {"PackageId": 5, "SettingsName": "NameServers", "SettingsArray": [["a", "b"]]}
    assert lab.fault("esPackages.UpdatePackageSettings", settings=settings).endswith(PACKAGE)
    stored = lab.value("SELECT count(*) FROM package_settings")
    assert stored == (0 if lab.flavour.logic == "ef" else 1)


@checks("package_settings.inherited", EF, SP)
def test_2_4_a_set_is_inherited_from_the_space_above(lab: Lab) -> None:
    assert _set(lab, [["a", "1"]], 2) == 0
    assert _get(lab) == (2, [["a", "1"]])


@checks("package_settings.dump", SP)
def test_2_4_on_1x_a_set_that_is_nowhere_is_one_pair_of_space_1(lab: Lab) -> None:
    assert _get(lab, name="AnyOther") == (1, [["Dump", ""]])


@checks("package_settings.of_servers", SP, SP2)
def test_2_4_sp_a_set_that_is_nowhere_is_filled_from_the_spaces_server(lab: Lab) -> None:
    assert _get(lab) == (1, [["Dump", ""], ["NameServers", None]])
    lab.write("UPDATE servers SET instant_domain_alias = 'preview.example'")
    assert _get(lab, name="previewdomain") == (1, [["Dump", ""], ["PreviewDomain", "preview.example"]])
    assert _get(lab, name="ChildSpacesFolder") == (1, [["Dump", ""], ["ChildSpacesFolder", ""]])
    assert _get(lab, name="ExchangeServer") == (1, [["Dump", ""]])
    lab.write("DELETE FROM hosting_plan_resources WHERE group_id = 7")
    assert _get(lab) == (1, [["Dump", ""]])


def test_2_4_ef_a_set_that_is_nowhere_is_null_and_the_root_is_the_administrators() -> None:
    with Lab(EF) as lab:
        assert _get(lab) == (4, None)
        assert lab.fault("esPackages.GetPackageSettings", packageId=1, settingsName="NameServers") == PACKAGE
        assert _get(lab, 1, "serveradmin", "ChildSpacesFolder") == (1, [["Dump", ""], ["ChildSpacesFolder", ""]])


@checks("package_settings.first_pair_only", EF)
def test_7_4_ef_reads_one_pair_of_a_set(lab: Lab) -> None:
    _set(lab, [["b", "2"], ["a", "1"]])
    assert _get(lab) == (4, [["a", "1"]])
    assert lab.value("SELECT count(*) FROM package_settings") == 2


@checks("update_package_settings.wrapped", EF, SP, SP2)
def test_2_4_whatever_goes_wrong_with_a_set_is_told_inside_one_sentence(lab: Lab) -> None:
    for space in (4711, 5):
        settings: dict[str, Any] = {"PackageId": space, "SettingsName": "NameServers", "SettingsArray": [["k", "1"]]}
        assert lab.fault("esPackages.UpdatePackageSettings", settings=settings).startswith(
            "Could not update package settings ---> "
        )
    assert lab.fault("esPackages.UpdatePackageSettings", settings=None) == f"Could not update package settings ---> {NULL}"


@checks("update_package_settings.demo", EF, SP)
def test_5_1_a_demo_changes_no_settings(lab: Lab) -> None:
    account(lab, 2, is_demo=1)
    assert _set(lab, [["a", "1"]]) == -106


@checks("update_package_settings.replaced", EF, SP)
def test_6_2_a_set_is_replaced_and_an_empty_list_deletes_it(lab: Lab) -> None:
    _set(lab, [["a", "1"], ["b", "2"]])
    _set(lab, [["c", "3"]])
    assert _get(lab) == (4, [["c", "3"]])
    _set(lab, [])
    assert lab.value("SELECT count(*) FROM package_settings") == 0


@checks("update_package_settings.same_key", SP, SP2)
def test_6_3_sp_keys_equal_but_for_case_are_a_fault_and_the_former_set_is_gone(lab: Lab) -> None:
    _set(lab, [["a", "1"]])
    settings: dict[str, Any] = {"PackageId": 4, "SettingsName": "NameServers", "SettingsArray": [["k", "1"], ["K", "2"]]}
    assert "PRIMARY KEY" in lab.fault("esPackages.UpdatePackageSettings", settings=settings)
    assert lab.value("SELECT count(*) FROM package_settings") == 0


@checks("update_package_settings.same_key", EF)
def test_6_3_ef_a_key_given_twice_is_a_fault_and_the_former_set_stays(lab: Lab) -> None:
    _set(lab, [["a", "1"]])
    settings: dict[str, Any] = {"PackageId": 4, "SettingsName": "NameServers", "SettingsArray": [["k", "1"], ["k", "2"]]}
    assert "cannot be tracked" in lab.fault("esPackages.UpdatePackageSettings", settings=settings)
    assert _get(lab) == (4, [["a", "1"]])


def test_2_2_a_pair_with_one_string_is_a_fault_and_the_old_set_stays() -> None:
    with Lab(SP) as lab:
        _set(lab, [["a", "1"]])
        settings: dict[str, Any] = {"PackageId": 4, "SettingsName": "NameServers", "SettingsArray": [["alone"]]}
        assert lab.fault("esPackages.UpdatePackageSettings", settings=settings).endswith(
            " ---> Index was outside the bounds of the array."
        )
        assert _get(lab) == (4, [["a", "1"]])


@checks("package_reports.rights", EF, SP)
def test_5_3_the_reports_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    assert lab.fault("esPackages.GetPackageDiskspace", packageId=5) == PACKAGE
    assert lab.fault("esPackages.GetPackageBandwidth", packageId=5, startDate=DAY, endDate=DAY) == PACKAGE


@checks("package_bandwidth.untranslatable", EF)
def test_7_4_14_ef_faults_on_the_report_of_traffic(lab: Lab) -> None:
    fault = lab.fault("esPackages.GetPackageBandwidth", packageId=4, startDate=DAY, endDate=DAY)
    assert fault.startswith("The LINQ expression")
    with Lab(SP) as sp:
        answer = sp.call("esPackages.GetPackageBandwidth", packageId=4, startDate=DAY, endDate=DAY)
        assert [column.type for column in answer.tables[0].columns[2:5]] == ["double"] * 3


@checks("package_diskspace.long", EF)
def test_2_4_ef_sizes_are_long_where_a_procedure_says_double(lab: Lab) -> None:
    assert lab.call("esPackages.GetPackageDiskspace", packageId=4).tables[0].columns[2].type == "long"
    with Lab(SP) as sp:
        assert sp.call("esPackages.GetPackageDiskspace", packageId=4).tables[0].columns[2].type == "double"


@checks("package_items.rights", EF, SP)
def test_5_3_the_items_of_a_foreign_space_are_a_rights_fault(lab: Lab) -> None:
    assert lab.fault("esPackages.GetRawPackageItems", packageId=5) == PACKAGE
    assert lab.fault("esPackages.GetRawPackageItemsByType", packageId=5, itemTypeName="site", recursive=True) == PACKAGE


@checks("detach_package_item.admin_only", EF, SP)
def test_5_1_only_administrators_take_items_out_of_the_panel(lab: Lab) -> None:
    add_domain(lab, "a.example", createWebSite=True)
    item = lab.value("SELECT item_id FROM service_items WHERE item_type = 'site'")
    rows = lab.table(lab.call("esPackages.GetRawPackageItemsByType", packageId=2, itemTypeName="site", recursive=True))
    assert [(row["itemid"], row["itemname"]) for row in rows] == [(item, "a.example")]
    assert lab.call("esPackages.DetachPackageItem", itemId=item) == -107
    assert lab.call("esPackages.DetachPackageItem", "serveradmin", itemId=item) == 0
    assert lab.table(lab.call("esPackages.GetRawPackageItems", packageId=4)) == []
