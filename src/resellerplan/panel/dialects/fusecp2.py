"""FuseCP 2.x: WCF, DataContractSerializer, credentials in a SOAP header (contract 1.2, 3.3)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from resellerplan.panel.dialects.dialect import Dialect, members
from resellerplan.soap.envelope import XSI

__all__ = ["CREDENTIALS_NAMESPACE", "FUSECP2", "HEADER_NAMESPACE"]

HEADER_NAMESPACE = "http://fusecp.com/headers/Credentials"
CREDENTIALS_NAMESPACE = "http://fusecp/credentials"

_TYPES = "http://schemas.datacontract.org/2004/07/FuseCP.EnterpriseServer"
_ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"


def _backing(name: str) -> str:
    return f"_x003C_{name}_x003E_k__BackingField"


# Ordinal order, and every member of these classes must be sent: a missing or misplaced one is a fault or, worse, a zero.
_CLASSES = {
    "UserInfo": members(
        f"{_backing('AdditionalParams')} {_backing('MfaMode')}:int address changed:date city comments companyName country"
        " created:date ecommerceEnabled:bool email failedLogins:int fax firstName htmlMail:bool instantMessenger isDemo:bool"
        " isPeer:bool lastName loginStatusId:int ownerId:int primaryPhone roleId:int secondaryEmail secondaryPhone state"
        " statusId:int subscriberNumber userId:int username zip"
    ),
    "HostingPlanInfo": members(
        "available:bool groups:[HostingPlanGroupInfo] isAddon:bool packageId:int planDescription planId:int planName"
        " quotas:[HostingPlanQuotaInfo] recurrenceLength:int recurrenceUnit:int recurringPrice:decimal serverId:int"
        " setupPrice:decimal userId:int"
    ),
    "HostingPlanGroupInfo": members("calculateBandwidth:bool calculateDiskSpace:bool enabled:bool groupId:int groupName"),
    "HostingPlanQuotaInfo": members("QuotaId:int QuotaValue:int"),
    "PackageInfo": members(
        "bandWidth:int bandWidthQuota:int defaultTopPackage:bool diskSpace:int diskSpaceQuota:int domains:int domainsQuota:int"
        " groups:[HostingPlanGroupInfo] overrideQuotas:bool packageComments packageId:int packageName parentPackageId:int"
        " planId:int purchaseDate:date quotas:[HostingPlanQuotaInfo] serverId:int statusIDchangeDate:date statusId:int"
        " userId:int"
    ),
    "PackageAddonInfo": members(
        "comments packageAddonId:int packageId:int planDescription planId:int planName purchaseDate:date quantity:int statusId:int"
    ),
}

FUSECP2: Final = Dialect(
    name="fusecp2",
    path="/basic/{service}",
    action="{namespace}I{service}/{operation}",
    namespace="http://smbsaas/fusecp/enterpriseserver/",
    tempuri=frozenset({"esSystem", "esTest"}),
    types_namespace=_TYPES,
    arrays_namespace=_ARRAYS,
    null_is_omitted=False,
    prefixes=MappingProxyType({XSI: "i", _TYPES: "d", _ARRAYS: "a"}),
    classes=MappingProxyType(_CLASSES),
    dropped=MappingProxyType({}),
)
"""FuseCP 2.x."""
