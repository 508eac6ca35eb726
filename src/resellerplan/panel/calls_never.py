"""The calls of the panel's services that we never send.

``FORBIDDEN`` are harmful even to try; the rest are simply not needed: they belong to other work (mail, databases, servers), to
administrators, or are the worse of two ways (CreateUserWizard, AddPackage, the Literal forms).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["FORBIDDEN", "NEVER"]

FORBIDDEN: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("esAuthentication", "AuthenticateUser"): "as a probe it counts lock-outs and uses up one-time passwords",
        ("esSystem", "GetCryptoKey"): "it tells the key that all passwords are encrypted with",
        ("esUsers", "GetUserParents"): "for others than oneself and those below it runs into an endless loop on 1.x",
        ("esPackages", "SetDefaultTopPackage"): "it wipes comments and own terms of the spaces it touches",
        ("esPackages", "UpdatePackageAddonLiteral"): "it faults and stores the change all the same",
    }
)

_NAMES = {
    "esAuditLog": """
        DeleteAuditLogRecords DeleteAuditLogRecordsComplete GetAuditLogRecord GetAuditLogSources GetAuditLogTasks
    """,
    "esAuthentication": """
        AuthenticateUser ChangeUserPasswordByUsername GetLoginThemes GetSystemSetupMode GetUserByUsernamePassword
        SendPasswordReminder SendPin SetupControlPanelAccounts ValidatePin
    """,
    "esComments": """
        AddComment DeleteComment GetComments
    """,
    "esPackages": """
        AddPackage AddPackageAddon AddPackageAddonLiteral CreateUserWizard DetachPackageItem EvaluateUserPackageTempate
        GetBandwidthOverusageDetailsReport GetDiskspaceOverusageDetailsReport GetMyPackages GetNestedPackagesSummary
        GetOverusageSummaryReport GetPackageBandwidth GetPackageDiskspace GetPackageItem GetPackageQuotas
        GetPackageSettings GetPackages GetPackagesBandwidthPaged GetPackagesDiskspacePaged GetRawPackageItems
        GetRawPackageItemsByType GetRawPackageItemsPaged GetRawPackages GetSearchObject GetSearchObjectQuickFind
        GetSearchTableByColumns GetSearchableServiceItemTypes GetUserAvailableHostingAddons GetUserAvailableHostingPlans
        MovePackageItem SearchServiceItemsPaged SetDefaultTopPackage UpdatePackageAddonLiteral UpdatePackageLiteral
        UpdatePackageName UpdatePackageSettings
    """,
    "esScheduler": """
        AddSchedule DeleteSchedule GetSchedule GetScheduleParameters GetScheduleTaskViewConfiguration
        GetScheduleTaskViewConfigurations GetScheduleTasks GetSchedulerTime GetSchedules GetSchedulesPaged StartSchedule
        StopSchedule UpdateSchedule
    """,
    "esServers": """
        AddCluster AddDnsRecord AddDnsZoneRecord AddDomain AddIPAddress AddIPAddressesRange AddPrivateNetworkVLAN
        AddPrivateNetworkVLANsRange AddServer AddService AddVirtualServices AllocateMaximumPackageIPAddresses
        AllocatePackageIPAddresses AllocatePackageVLANs AutoUpdateServer CancelInstallWPIProducts ChangeOSServiceStatus
        ChangeWindowsServiceStatus CheckLoadUserProfile CheckServerAvailable ClearLog CloseTerminalServicesSession
        CreateDomainPreviewDomain DeallocatePackageIPAddresses DeallocatePackageVLANs DeleteCluster DeleteDnsRecord
        DeleteDnsZoneRecord DeleteDomain DeleteDomainPreviewDomain DeleteIPAddress DeleteIPAddresses
        DeletePrivateNetworkVLANs DeleteServer DeleteService DeleteVirtualServices DetachDomain DisableDomainDns
        DiscoverAndAddServices EnableDomainDns EnableLoadUserProfile GetAllServers GetAvailableVirtualServices
        GetClusters GetDnsRecord GetDnsRecordsByGroup GetDnsRecordsByPackage GetDnsRecordsByServer
        GetDnsRecordsByService GetDnsZoneRecords GetDomain GetDomainDnsRecords GetDomainsByDomainId GetDomainsPaged
        GetIPAddress GetIPAddresses GetIPAddressesPaged GetInstalledProviders GetLogEntries GetLogEntriesPaged
        GetLogNames GetMailFilterUrl GetMailFilterUrlByHostingPlan GetMailServiceSettingsByPackage GetOSProcesses
        GetOSServices GetPackageDmzNetworkVLANs GetPackageIPAddresses GetPackageIPAddressesCount
        GetPackagePrivateNetworkVLANs GetPackageServiceProvider GetPackageUnassignedIPAddresses GetPrivateNetworVLAN
        GetPrivateNetworVLANsPaged GetPrivateNetworkVLANsPaged GetProvider GetProviderServiceQuota GetProviders
        GetProvidersByGroupId GetQuotaHidden GetRawAllServers GetRawDnsRecordsByGroup GetRawDnsRecordsByPackage
        GetRawDnsRecordsByServer GetRawDnsRecordsByService GetRawDnsZoneRecords GetRawServers GetRawServicesByGroupId
        GetRawServicesByGroupName GetRawServicesByServerId GetResellerDomains GetResourceGroup GetServerById
        GetServerByName GetServerFilePath GetServerShortDetails GetServerVersion GetServers GetServiceInfo
        GetServiceSettings GetServiceSettingsRDS GetServicesByServerId GetServicesByServerIdGroupName
        GetSystemMemoryInfo GetSystemMemoryInfoPackageId GetSystemResourceUsageInfo GetSystemResourceUsageInfoPackageId
        GetTerminalServicesSessions GetUnallottedIPAddresses GetUnallottedVLANs GetVirtualServers GetVirtualServices
        GetWPIKeywords GetWPIProductById GetWPIProducts GetWPIProductsFiltered GetWPIProductsWithDependencies
        GetWPIStatus GetWPITabs GetWindowsProcesses GetWindowsServices InitWPIFeeds InstallService InstallWPIProducts
        IsInstalled RebootSystem TerminateOSProcess TerminateWindowsProcess UpdateDnsRecord UpdateDnsZoneRecord
        UpdateDomain UpdateIPAddress UpdateIPAddresses UpdatePrivateNetworVLAN UpdateQuotaHidden UpdateServer
        UpdateServerADPassword UpdateServerConnectionPassword UpdateService UpdateServiceSettings UpdateVirtualGroups
        WpiGetLogFileDirectory WpiGetLogsInDirectory
    """,
    "esSystem": """
        CheckIsTwilioEnabled GetCryptoKey GetDatabaseType GetSystemSettings GetSystemSettingsActive GetThemeSetting
        GetThemeSettings GetThemes SetSystemSettings SetUseEntityFramework
    """,
    "esTasks": """
        GetTask GetTaskWithLogRecords GetTasksNumber GetUserCompletedTasks GetUserTasks SetTaskNotifyOnComplete StopTask
    """,
    "esTest": """
        OSPlatform Touch
    """,
    "esUsers": """
        ActivateUserMfaQrCode AddUserLiteral AddUserVLan CanUserChangeMfa DeleteUserThemeSetting DeleteUserVLan
        GetRawUserPeers GetUserDomainsPaged GetUserMfaQrCodeData GetUserParents GetUserPeers GetUserThemeSettings
        GetUsers GetUsersSummary UpdateUserLiteral UpdateUserMfa UpdateUserSettings UpdateUserTask
        UpdateUserTaskAsynchronously UpdateUserThemeSetting
    """,
}

NEVER: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {service: frozenset(names.split()) for service, names in _NAMES.items()}
)
"""Operations by service; the forbidden ones are among them."""
