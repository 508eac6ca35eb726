"""SolidCP 1.x and its ancestor WebsitePanel: ASMX, .NET's XmlSerializer, HTTP Basic (contract 1.1, 3.2)."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from resellerplan.panel.dialects.dialect import Dialect, members
from resellerplan.soap.envelope import XSI

__all__ = ["SOLIDCP1", "WEBSITEPANEL"]

_CLASSES = {
    "UserInfo": members(
        "RoleId:int StatusId:int LoginStatusId:int FailedLogins:int UserId:int OwnerId:int IsPeer:bool Created:date"
        " Changed:date IsDemo:bool Comments LastName Username FirstName Email PrimaryPhone Zip InstantMessenger Fax"
        " SecondaryPhone SecondaryEmail Country Address City State HtmlMail:bool CompanyName EcommerceEnabled:bool"
        " SubscriberNumber MfaMode:int AdditionalParams"
    ),
    "HostingPlanInfo": members(
        "PlanId:int PackageId:int PlanName PlanDescription Available:bool ServerId:int IsAddon:bool SetupPrice:decimal"
        " RecurringPrice:decimal RecurrenceUnit:int RecurrenceLength:int Groups:[HostingPlanGroupInfo]"
        " Quotas:[HostingPlanQuotaInfo] UserId:int"
    ),
    "HostingPlanGroupInfo": members("GroupId:int Enabled:bool CalculateDiskSpace:bool CalculateBandwidth:bool GroupName"),
    "HostingPlanQuotaInfo": members("QuotaId:int QuotaValue:int"),
    "PackageInfo": members(
        "PackageId:int UserId:int ParentPackageId:int StatusId:int PlanId:int PurchaseDate:date PackageName PackageComments"
        " ServerId:int DiskSpace:int BandWidth:int DiskSpaceQuota:int BandWidthQuota:int Domains:int DomainsQuota:int"
        " OverrideQuotas:bool DefaultTopPackage:bool Groups:[HostingPlanGroupInfo] Quotas:[HostingPlanQuotaInfo]"
        " StatusIDchangeDate:date"
    ),
    "PackageAddonInfo": members(
        "PackageAddonId:int PackageId:int PlanId:int Quantity:int PurchaseDate:date Comments StatusId:int PlanName PlanDescription"
    ),
}

SOLIDCP1: Final = Dialect(
    name="solidcp1",
    path="/{service}.asmx",
    action="{namespace}{operation}",
    namespace="http://smbsaas/solidcp/enterpriseserver",
    tempuri=frozenset({"esSystem"}),
    null_is_omitted=True,
    prefixes=MappingProxyType({XSI: "xsi"}),
    classes=MappingProxyType(_CLASSES),
    # The enum twins write the same field as the numbers, and the one that comes last wins (contract 1.4): only numbers go back.
    dropped=MappingProxyType({"UserInfo": frozenset({"role", "status", "loginstatus", "vlans"})}),
)
"""SolidCP 1.x."""

WEBSITEPANEL: Final = replace(SOLIDCP1, namespace="http://smbsaas/websitepanel/enterpriseserver")
"""WebsitePanel 2.x: by the contract only, never compared with a real one."""
