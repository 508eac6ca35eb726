"""Calls that the real panel has and this one does not answer: a fault that names the call, never an invented success (2.6, 7.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from resellerplan.simpanel.dispatch import registered
from resellerplan.simpanel.flavours import FLAVOURS
from resellerplan.simpanel.services import load_all
from tests.contract.lab import EF, SP, Lab, checks

SCHEDULER = sorted(set(FLAVOURS[SP].catalogue().services["esScheduler"].operations) - {"GetSchedulerTime"})


@checks("scheduler.server_time", SP)
def test_7_2_the_scheduler_tells_the_servers_time(lab: Lab) -> None:
    found = lab.call("esScheduler.GetSchedulerTime", "serveradmin")
    assert abs(found - lab.panel.clock.now()) < timedelta(minutes=1)
    assert found > datetime(2020, 1, 1)


@pytest.mark.parametrize("operation", SCHEDULER)
def test_7_2_what_is_not_known_of_the_scheduler_is_said_by_name(operation: str) -> None:
    with Lab(SP) as lab:
        before = [tuple(row) for row in lab.rows("SELECT * FROM schedules")]
        assert f"esScheduler.{operation} is a call of the real panel" in lab.fault(f"esScheduler.{operation}", "serveradmin")
        assert [tuple(row) for row in lab.rows("SELECT * FROM schedules")] == before
        assert len(before) == 2


NEED_AN_AGENT = {
    *("AutoUpdateServer", "InstallService", "IsInstalled", "GetServerVersion", "GetServerFilePath", "GetTerminalServicesSessions"),
    *("CheckLoadUserProfile", "EnableLoadUserProfile", "GetLogNames", "GetLogEntries", "GetLogEntriesPaged"),
    *("GetSystemResourceUsageInfoPackageId", "GetSystemResourceUsageInfo", "GetSystemMemoryInfoPackageId", "GetSystemMemoryInfo"),
    *("GetWindowsProcesses", "GetWindowsServices", "GetOSProcesses", "GetOSServices"),
    *("InitWPIFeeds", "GetWPITabs", "GetWPIKeywords", "GetWPIProducts", "GetWPIProductsFiltered", "GetWPIProductById"),
    *("GetWPIProductsWithDependencies", "InstallWPIProducts", "CancelInstallWPIProducts", "GetWPIStatus", "WpiGetLogFileDirectory"),
    "WpiGetLogsInDirectory",
}
"""What only a hosting server's agent knows or does."""
NEED_PROVIDERS = {
    *("GetAvailableVirtualServices", "GetRawServicesByGroupId", "GetRawServicesByGroupName", "GetServiceSettings"),
    *("GetServiceSettingsRDS", "GetProviderServiceQuota", "GetMailServiceSettingsByPackage", "GetInstalledProviders"),
    *("GetProvider", "GetProviders", "GetProvidersByGroupId", "GetMailFilterUrl", "GetMailFilterUrlByHostingPlan"),
}
"""What is about the catalogue of providers and the settings of services, which no document tells."""
FILL_POOLS = {
    *("AddPrivateNetworkVLAN", "DeletePrivateNetworkVLANs", "AddPrivateNetworkVLANsRange", "UpdatePrivateNetworVLAN"),
    *("AddIPAddress", "AddIPAddressesRange", "UpdateIPAddress", "UpdateIPAddresses", "DeleteIPAddress", "DeleteIPAddresses"),
}
"""What fills the pools of addresses and VLANs, which are empty here."""
RECORD_TABLES = {
    *("GetRawDnsRecordsByService", "GetRawDnsRecordsByServer", "GetRawDnsRecordsByPackage", "GetRawDnsRecordsByGroup"),
    *("GetDnsRecordsByGroup", "GetRawDnsZoneRecords"),
}
"""Tables of records whose columns or rows no document tells."""
KNOWN_IN_PART = {"AddDnsRecord", "UpdateDnsRecord", "DeleteDnsRecord", "AddService", "RebootSystem", "GetDnsZoneRecords"}
"""Answered as far as the checks go, and by name beyond."""


@pytest.mark.parametrize("flavour", [EF, SP])
def test_7_2_what_is_missing_of_the_servers_is_known_and_has_a_reason(flavour: str) -> None:
    load_all()
    operations = set(FLAVOURS[flavour].catalogue().services["esServers"].operations)
    missing = {name for name in operations if ("esServers", name) not in registered()}
    assert missing == operations & (NEED_AN_AGENT | NEED_PROVIDERS | FILL_POOLS | RECORD_TABLES)
    assert not KNOWN_IN_PART & missing
    with Lab(flavour) as lab:
        for name in sorted(missing):
            assert f"esServers.{name} is a call of the real panel" in lab.fault(f"esServers.{name}", "serveradmin")
