"""The catalogue of a fresh installation, as data (contract, appendix A; descriptions as a panel says them, recording 1.x 036).

One line per group: ``group ID | NAME | ORDER | VERSIONS``; below it one line per quota:
``ID | NAME | TYPE | UNIT | FLAGS | VERSIONS | DESCRIPTION``. TYPE is 1 switch, 2 counted, 3 maximum. UNIT is what the panel
counts in, where the quota is a size. FLAGS: ``h`` hidden (never listed by the panel), ``o`` counted per organisation, ``s`` a
service's own count, ``-`` none. VERSIONS: ``1`` = SolidCP 1.x, ``2`` = FuseCP 2.x. 1.x has 39 groups and 325 quotas, 2.x 40
groups and 338.
"""

from __future__ import annotations

__all__ = ["SHIPPED_ROWS"]

SHIPPED_ROWS = """\
group 1 | OS | 1 | 12
52 | OS.Diskspace | 2 | MB | - | 12 | Disk space, MB
51 | OS.Bandwidth | 2 | MB | - | 12 | Bandwidth, MB
53 | OS.Domains | 2 | - | - | 12 | Domains
54 | OS.SubDomains | 2 | - | - | 12 | Sub-Domains
220 | OS.DomainPointers | 2 | - | h | 12 | Domain Pointers
47 | OS.ODBC | 2 | - | - | 12 | ODBC DSNs
55 | OS.FileManager | 1 | - | - | 12 | File Manager
74 | OS.AppInstaller | 1 | - | - | 12 | Applications Installer
75 | OS.ExtraApplications | 1 | - | - | 12 | Extra Application Packs
71 | OS.ScheduledTasks | 2 | - | - | 12 | Scheduled Tasks
72 | OS.ScheduledIntervalTasks | 1 | - | - | 12 | Interval Tasks Allowed
73 | OS.MinimumTaskInterval | 3 | - | - | 12 | Minimum Tasks Interval, minutes
410 | OS.NotAllowTenantCreateDomains | 1 | - | - | 12 | Not allow Tenants to Create Top Level Domains
409 | OS.NotAllowTenantDeleteDomains | 1 | - | - | 12 | Not allow Tenants to Delete Top Level Domains
group 2 | Web | 2 | 12
13 | Web.Sites | 2 | - | s | 12 | Web Sites
27 | Web.Asp | 1 | - | - | 12 | ASP
25 | Web.AspNet11 | 1 | - | - | 12 | ASP.NET 1.1
26 | Web.AspNet20 | 1 | - | - | 12 | ASP.NET 2.0
331 | Web.AspNet40 | 1 | - | - | 12 | ASP.NET 4.0
28 | Web.Php4 | 1 | - | - | 12 | PHP 4.x
29 | Web.Php5 | 1 | - | - | 12 | PHP 5.x
30 | Web.Perl | 1 | - | - | 12 | Perl
31 | Web.Python | 1 | - | - | 12 | Python
57 | Web.CgiBin | 1 | - | - | 12 | CGI-BIN Folder
58 | Web.SecuredFolders | 1 | - | - | 12 | Secured Folders
59 | Web.SharedSSL | 2 | - | - | 12 | Shared SSL Folders
60 | Web.Redirections | 1 | - | - | 12 | Web Sites Redirection
61 | Web.HomeFolders | 1 | - | - | 12 | Changing Sites Root Folders
32 | Web.VirtualDirs | 1 | - | - | 12 | Virtual Directories
344 | Web.Htaccess | 1 | - | - | 12 | htaccess
33 | Web.FrontPage | 1 | - | - | 12 | FrontPage
34 | Web.Security | 1 | - | - | 12 | Custom Security Settings
35 | Web.DefaultDocs | 1 | - | - | 12 | Custom Default Documents
36 | Web.AppPools | 1 | - | - | 12 | Dedicated Application Pools
411 | Web.AppPoolsRestart | 1 | - | - | 12 | Application Pools Restart
37 | Web.Headers | 1 | - | - | 12 | Custom Headers
38 | Web.Errors | 1 | - | - | 12 | Custom Errors
39 | Web.Mime | 1 | - | - | 12 | Custom MIME Types
94 | Web.ColdFusion | 1 | - | - | 12 | ColdFusion
96 | Web.CFVirtualDirectories | 1 | - | - | 12 | ColdFusion Virtual Directories
100 | Web.IPAddresses | 2 | - | s | 12 | Dedicated IP Addresses
97 | Web.RemoteManagement | 1 | - | - | 12 | Remote web management allowed
332 | Web.SSL | 1 | - | - | 12 | SSL
333 | Web.AllowIPAddressModeSwitch | 1 | - | - | 12 | Allow IP Address Mode Switch
334 | Web.EnableHostNameSupport | 1 | - | - | 12 | Enable Hostname Support
95 | Web.WebAppGallery | 1 | - | - | 1 | Web Application Gallery
group 42 | HeliconZoo | 2 | 1
group 47 | Service Levels | 2 | 12
group 3 | FTP | 3 | 12
4 | FTP.Accounts | 2 | - | s | 12 | FTP Accounts
group 4 | Mail | 4 | 12
14 | Mail.Accounts | 2 | - | s | 12 | Mail Accounts
40 | Mail.MaxBoxSize | 3 | MB | - | 12 | Max Mailbox Size
18 | Mail.Forwardings | 2 | - | - | 12 | Mail Forwardings
24 | Mail.Groups | 2 | - | - | 12 | Mail Groups
49 | Mail.MaxGroupMembers | 3 | - | - | 12 | Max Group Recipients
20 | Mail.Lists | 2 | - | - | 12 | Mail Lists
50 | Mail.MaxListMembers | 3 | - | - | 12 | Max List Recipients
102 | Mail.DisableSizeEdit | 1 | - | - | 12 | Disable Mailbox Size Edit
754 | Mail.AllowAccessControls | 1 | - | h | 12 | Allow changes to access controls
group 12 | Exchange | 5 | 12
368 | Exchange2007.IsConsumer | 1 | - | - | 12 | Is Consumer Organization
77 | Exchange2007.DiskSpace | 2 | MB | o | 12 | Organization Disk Space, MB
78 | Exchange2007.Mailboxes | 2 | - | o | 12 | Mailboxes per Organization
79 | Exchange2007.Contacts | 3 | - | o | 12 | Contacts per Organization
80 | Exchange2007.DistributionLists | 3 | - | o | 12 | Distribution Lists per Organization
81 | Exchange2007.PublicFolders | 3 | - | o | 12 | Public Folders per Organization
88 | Exchange2007.MailEnabledPublicFolders | 1 | - | - | 12 | Mail Enabled Public Folders Allowed
83 | Exchange2007.POP3Allowed | 1 | - | - | 12 | POP3 Access
84 | Exchange2007.IMAPAllowed | 1 | - | - | 12 | IMAP Access
85 | Exchange2007.OWAAllowed | 1 | - | - | 12 | OWA/HTTP Access
86 | Exchange2007.MAPIAllowed | 1 | - | - | 12 | MAPI Access
87 | Exchange2007.ActiveSyncAllowed | 1 | - | - | 12 | ActiveSync Access
364 | Exchange2007.KeepDeletedItemsDays | 3 | - | - | 12 | Keep Deleted Items (days)
365 | Exchange2007.MaxRecipients | 3 | - | - | 12 | Maximum Recipients
366 | Exchange2007.MaxSendMessageSizeKB | 3 | - | - | 12 | Maximum Send Message Size (Kb)
367 | Exchange2007.MaxReceiveMessageSizeKB | 3 | - | - | 12 | Maximum Receive Message Size (Kb)
369 | Exchange2007.EnablePlansEditing | 1 | - | - | 12 | Enable Plans Editing
420 | Exchange2007.AllowLitigationHold | 1 | - | - | 12 | Allow Litigation Hold
421 | Exchange2007.RecoverableItemsSpace | 2 | MB | o | 12 | Recoverable Items Space
422 | Exchange2007.DisclaimersAllowed | 1 | - | - | 12 | Disclaimers Allowed
424 | Exchange2013.AllowRetentionPolicy | 1 | - | - | 12 | Allow Retention Policy
426 | Exchange2013.ArchivingMailboxes | 2 | - | o | 12 | Archiving Mailboxes per Organization
425 | Exchange2013.ArchivingStorage | 2 | MB | o | 12 | Archiving storage, MB
429 | Exchange2013.SharedMailboxes | 2 | - | o | 12 | Shared Mailboxes per Organization
428 | Exchange2013.ResourceMailboxes | 2 | - | o | 12 | Resource Mailboxes per Organization
731 | Exchange2013.JournalingMailboxes | 2 | - | o | 12 | Journaling Mailboxes per Organization
729 | Exchange2013.AutoReply | 1 | - | - | 12 | Automatic Replies via the panel Allowed
group 61 | MailFilters | 5 | 12
447 | Filters.Enable | 1 | - | - | 12 | Enable Spam Filter
448 | Filters.EnableEmailUsers | 1 | - | - | 12 | Enable Per-Mailbox Login
group 13 | Hosted Organizations | 6 | 12
205 | HostedSolution.Organizations | 2 | - | - | 12 | Organizations
206 | HostedSolution.Users | 2 | - | o | 12 | Users
207 | HostedSolution.Domains | 3 | - | o | 12 | Domains per Organizations
230 | HostedSolution.AllowChangeUPN | 1 | - | - | 12 | Allow to Change UserPrincipalName
423 | HostedSolution.SecurityGroups | 2 | - | o | 12 | Security Groups
495 | HostedSolution.DeletedUsers | 2 | - | o | 12 | Deleted Users
496 | HostedSolution.DeletedUsersBackupStorageSpace | 2 | MB | o | 12 | Deleted Users Backup Storage Space, Mb
group 5 | MsSQL2000 | 7 | 12
3 | MsSQL2000.Databases | 2 | - | s | 12 | Databases
15 | MsSQL2000.Users | 2 | - | - | 12 | Users
41 | MsSQL2000.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
204 | MsSQL2000.MaxLogSize | 3 | MB | - | 12 | Max Log Size
42 | MsSQL2000.Backup | 1 | - | - | 12 | Database Backups
43 | MsSQL2000.Restore | 1 | - | - | 12 | Database Restores
44 | MsSQL2000.Truncate | 1 | - | - | 12 | Database Truncate
group 10 | MsSQL2005 | 8 | 12
62 | MsSQL2005.Databases | 2 | - | - | 12 | Databases
63 | MsSQL2005.Users | 2 | - | - | 12 | Users
64 | MsSQL2005.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
203 | MsSQL2005.MaxLogSize | 3 | MB | - | 12 | Max Log Size
65 | MsSQL2005.Backup | 1 | - | - | 12 | Database Backups
66 | MsSQL2005.Restore | 1 | - | - | 12 | Database Restores
67 | MsSQL2005.Truncate | 1 | - | - | 12 | Database Truncate
group 22 | MsSQL2008 | 9 | 12
211 | MsSQL2008.Databases | 2 | - | - | 12 | Databases
212 | MsSQL2008.Users | 2 | - | - | 12 | Users
213 | MsSQL2008.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
217 | MsSQL2008.MaxLogSize | 3 | MB | - | 12 | Max Log Size
214 | MsSQL2008.Backup | 1 | - | - | 12 | Database Backups
215 | MsSQL2008.Restore | 1 | - | - | 12 | Database Restores
216 | MsSQL2008.Truncate | 1 | - | - | 12 | Database Truncate
group 23 | MsSQL2012 | 10 | 12
218 | MsSQL2012.Databases | 2 | - | - | 12 | Databases
219 | MsSQL2012.Users | 2 | - | - | 12 | Users
221 | MsSQL2012.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
225 | MsSQL2012.MaxLogSize | 3 | MB | - | 12 | Max Log Size
222 | MsSQL2012.Backup | 1 | - | - | 12 | Database Backups
223 | MsSQL2012.Restore | 1 | - | - | 12 | Database Restores
224 | MsSQL2012.Truncate | 1 | - | - | 12 | Database Truncate
group 46 | MsSQL2014 | 10 | 12
470 | MsSQL2014.Databases | 2 | - | - | 12 | Databases
471 | MsSQL2014.Users | 2 | - | - | 12 | Users
472 | MsSQL2014.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
476 | MsSQL2014.MaxLogSize | 3 | MB | - | 12 | Max Log Size
473 | MsSQL2014.Backup | 1 | - | - | 12 | Database Backups
474 | MsSQL2014.Restore | 1 | - | - | 12 | Database Restores
475 | MsSQL2014.Truncate | 1 | - | - | 12 | Database Truncate
group 71 | MsSQL2016 | 10 | 12
701 | MsSQL2016.Databases | 2 | - | - | 12 | Databases
702 | MsSQL2016.Users | 2 | - | - | 12 | Users
703 | MsSQL2016.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
707 | MsSQL2016.MaxLogSize | 3 | MB | - | 12 | Max Log Size
704 | MsSQL2016.Backup | 1 | - | - | 12 | Database Backups
705 | MsSQL2016.Restore | 1 | - | - | 12 | Database Restores
706 | MsSQL2016.Truncate | 1 | - | - | 12 | Database Truncate
group 72 | MsSQL2017 | 10 | 12
711 | MsSQL2017.Databases | 2 | - | - | 12 | Databases
712 | MsSQL2017.Users | 2 | - | - | 12 | Users
713 | MsSQL2017.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
717 | MsSQL2017.MaxLogSize | 3 | MB | - | 12 | Max Log Size
714 | MsSQL2017.Backup | 1 | - | - | 12 | Database Backups
715 | MsSQL2017.Restore | 1 | - | - | 12 | Database Restores
716 | MsSQL2017.Truncate | 1 | - | - | 12 | Database Truncate
group 74 | MsSQL2019 | 10 | 12
721 | MsSQL2019.Databases | 2 | - | - | 12 | Databases
722 | MsSQL2019.Users | 2 | - | - | 12 | Users
723 | MsSQL2019.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
727 | MsSQL2019.MaxLogSize | 3 | MB | - | 12 | Max Log Size
724 | MsSQL2019.Backup | 1 | - | - | 12 | Database Backups
725 | MsSQL2019.Restore | 1 | - | - | 12 | Database Restores
726 | MsSQL2019.Truncate | 1 | - | - | 12 | Database Truncate
group 75 | MsSQL2022 | 10 | 12
732 | MsSQL2022.Databases | 2 | - | - | 12 | Databases
733 | MsSQL2022.Users | 2 | - | - | 12 | Users
734 | MsSQL2022.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
738 | MsSQL2022.MaxLogSize | 3 | MB | - | 12 | Max Log Size
735 | MsSQL2022.Backup | 1 | - | - | 12 | Database Backups
736 | MsSQL2022.Restore | 1 | - | - | 12 | Database Restores
737 | MsSQL2022.Truncate | 1 | - | - | 12 | Database Truncate
group 76 | MsSQL2025 | 10 | 2
760 | MsSQL2025.Databases | 2 | - | - | 2 | Databases
761 | MsSQL2025.Users | 2 | - | - | 2 | Users
762 | MsSQL2025.MaxDatabaseSize | 3 | MB | - | 2 | Max Database Size
766 | MsSQL2025.MaxLogSize | 3 | MB | - | 2 | Max Log Size
763 | MsSQL2025.Backup | 1 | - | - | 2 | Database Backups
764 | MsSQL2025.Restore | 1 | - | - | 2 | Database Restores
765 | MsSQL2025.Truncate | 1 | - | - | 2 | Database Truncate
group 6 | MySQL4 | 11 | 12
2 | MySQL4.Databases | 2 | - | s | 12 | Databases
19 | MySQL4.Users | 2 | - | - | 12 | Users
103 | MySQL4.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
45 | MySQL4.Backup | 1 | - | - | 12 | Database Backups
104 | MySQL4.Restore | 1 | - | - | 12 | Database Restores
105 | MySQL4.Truncate | 1 | - | - | 12 | Database Truncate
group 50 | MariaDB | 11 | 12
573 | MariaDB.Databases | 2 | - | - | 12 | Databases
574 | MariaDB.Users | 2 | - | - | 12 | Users
575 | MariaDB.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
579 | MariaDB.MaxLogSize | 3 | MB | - | 12 | Max Log Size
576 | MariaDB.Backup | 1 | - | - | 12 | Database Backups
577 | MariaDB.Restore | 1 | - | - | 12 | Database Restores
578 | MariaDB.Truncate | 1 | - | - | 12 | Database Truncate
group 11 | MySQL5 | 12 | 12
68 | MySQL5.Databases | 2 | - | - | 12 | Databases
69 | MySQL5.Users | 2 | - | - | 12 | Users
106 | MySQL5.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
70 | MySQL5.Backup | 1 | - | - | 12 | Database Backups
107 | MySQL5.Restore | 1 | - | - | 12 | Database Restores
108 | MySQL5.Truncate | 1 | - | - | 12 | Database Truncate
group 90 | MySQL8 | 12 | 12
110 | MySQL8.Databases | 2 | - | - | 12 | Databases
111 | MySQL8.Users | 2 | - | - | 12 | Users
113 | MySQL8.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size
112 | MySQL8.Backup | 1 | - | - | 12 | Database Backups
114 | MySQL8.Restore | 1 | - | - | 12 | Database Restores
115 | MySQL8.Truncate | 1 | - | - | 12 | Database Truncate
group 91 | MySQL9 | 12 | 2
120 | MySQL9.Databases | 2 | - | - | 2 | Databases
121 | MySQL9.Users | 2 | - | - | 2 | Users
123 | MySQL9.MaxDatabaseSize | 3 | MB | - | 2 | Max Database Size
122 | MySQL9.Backup | 1 | - | - | 2 | Database Backups
124 | MySQL9.Restore | 1 | - | - | 2 | Database Restores
125 | MySQL9.Truncate | 1 | - | - | 2 | Database Truncate
group 20 | Sharepoint Foundation Server | 14 | 12
200 | HostedSharePoint.Sites | 2 | - | o | 12 | SharePoint Site Collections
208 | HostedSharePoint.MaxStorage | 3 | MB | - | 12 | Max site storage, MB
400 | HostedSharePoint.UseSharedSSL | 1 | - | - | 12 | Use shared SSL Root
group 73 | Sharepoint Enterprise Server | 15 | 12
550 | HostedSharePointEnterprise.Sites | 2 | - | o | 12 | SharePoint Site Collections
551 | HostedSharePointEnterprise.MaxStorage | 3 | MB | - | 12 | Max site storage, MB
552 | HostedSharePointEnterprise.UseSharedSSL | 1 | - | - | 12 | Use shared SSL Root
group 21 | Hosted CRM | 16 | 12
210 | HostedCRM.Organization | 1 | - | - | 12 | CRM Organization
209 | HostedCRM.Users | 3 | - | o | 12 | Full licenses per organization
461 | HostedCRM.LimitedUsers | 3 | - | o | 12 | Limited licenses per organization
462 | HostedCRM.ESSUsers | 3 | - | o | 12 | ESS licenses per organization
460 | HostedCRM.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size, MB
group 24 | Hosted CRM2013 | 16 | 12
463 | HostedCRM2013.Organization | 1 | - | - | 12 | CRM Organization
465 | HostedCRM2013.EssentialUsers | 3 | - | o | 12 | Essential licenses per organization
466 | HostedCRM2013.BasicUsers | 3 | - | o | 12 | Basic licenses per organization
467 | HostedCRM2013.ProfessionalUsers | 3 | - | o | 12 | Professional licenses per organization
464 | HostedCRM2013.MaxDatabaseSize | 3 | MB | - | 12 | Max Database Size, MB
group 7 | DNS | 17 | 12
48 | DNS.Editor | 1 | - | - | 12 | DNS Editor
753 | DNS.EditTTL | 1 | - | - | 12 | Allow editing TTL in DNS Editor
group 8 | Statistics | 18 | 12
12 | Stats.Sites | 2 | - | s | 12 | Statistics Sites
group 30 | VPS | 19 | 12
300 | VPS.ServersNumber | 2 | - | - | 12 | Number of VPS
301 | VPS.ManagingAllowed | 1 | - | - | 12 | Allow user to create VPS
302 | VPS.CpuNumber | 2 | - | - | 12 | Number of CPU cores
305 | VPS.Ram | 2 | MB | - | 12 | RAM size, MB
306 | VPS.Hdd | 2 | GB | - | 12 | Hard Drive size, GB
307 | VPS.DvdEnabled | 1 | - | - | 12 | DVD drive
303 | VPS.BootCdAllowed | 1 | - | - | 12 | Boot from CD allowed
304 | VPS.BootCdEnabled | 1 | - | - | 12 | Boot from CD
312 | VPS.SnapshotsNumber | 3 | - | - | 12 | Number of Snaphots
308 | VPS.ExternalNetworkEnabled | 1 | - | - | 12 | External Network
309 | VPS.ExternalIPAddressesNumber | 2 | - | - | 12 | Number of External IP addresses
318 | VPS.Bandwidth | 2 | GB | - | 12 | Monthly bandwidth, GB
310 | VPS.PrivateNetworkEnabled | 1 | - | - | 12 | Private Network
311 | VPS.PrivateIPAddressesNumber | 3 | - | - | 12 | Number of Private IP addresses per VPS
313 | VPS.StartShutdownAllowed | 1 | - | - | 12 | Allow user to Start, Turn off and Shutdown VPS
314 | VPS.PauseResumeAllowed | 1 | - | - | 12 | Allow user to Pause, Resume VPS
315 | VPS.RebootAllowed | 1 | - | - | 12 | Allow user to Reboot VPS
316 | VPS.ResetAlowed | 1 | - | - | 12 | Allow user to Reset VPS
317 | VPS.ReinstallAllowed | 1 | - | - | 12 | Allow user to Re-install VPS
group 33 | VPS2012 | 20 | 12
553 | VPS2012.ServersNumber | 2 | - | - | 12 | Number of VPS
554 | VPS2012.ManagingAllowed | 1 | - | - | 12 | Allow user to create VPS
555 | VPS2012.CpuNumber | 2 | - | - | 12 | Number of CPU cores
558 | VPS2012.Ram | 2 | MB | - | 12 | RAM size, MB
559 | VPS2012.Hdd | 2 | GB | - | 12 | Hard Drive size, GB
560 | VPS2012.DvdEnabled | 1 | - | - | 12 | DVD drive
730 | VPS2012.AdditionalVhdCount | 3 | - | - | 12 | Additional Hard Drives per VPS
556 | VPS2012.BootCdAllowed | 1 | - | - | 12 | Boot from CD allowed
557 | VPS2012.BootCdEnabled | 1 | - | - | 12 | Boot from CD
565 | VPS2012.SnapshotsNumber | 3 | - | - | 12 | Number of Snaphots
561 | VPS2012.ExternalNetworkEnabled | 1 | - | - | 12 | External Network
562 | VPS2012.ExternalIPAddressesNumber | 2 | - | - | 12 | Number of External IP addresses
571 | VPS2012.Bandwidth | 2 | GB | - | 12 | Monthly bandwidth, GB
563 | VPS2012.PrivateNetworkEnabled | 1 | - | - | 12 | Private Network
564 | VPS2012.PrivateIPAddressesNumber | 3 | - | - | 12 | Number of Private IP addresses per VPS
728 | VPS2012.PrivateVLANsNumber | 2 | - | - | 12 | Number of Private Network VLANs
566 | VPS2012.StartShutdownAllowed | 1 | - | - | 12 | Allow user to Start, Turn off and Shutdown VPS
567 | VPS2012.PauseResumeAllowed | 1 | - | - | 12 | Allow user to Pause, Resume VPS
568 | VPS2012.RebootAllowed | 1 | - | - | 12 | Allow user to Reboot VPS
569 | VPS2012.ResetAlowed | 1 | - | - | 12 | Allow user to Reset VPS
570 | VPS2012.ReinstallAllowed | 1 | - | - | 12 | Allow user to Re-install VPS
572 | VPS2012.ReplicationEnabled | 1 | - | - | 12 | Allow user to Replication
750 | VPS2012.DMZNetworkEnabled | 1 | - | - | 12 | DMZ Network
751 | VPS2012.DMZIPAddressesNumber | 3 | - | - | 12 | Number of DMZ IP addresses per VPS
752 | VPS2012.DMZVLANsNumber | 2 | - | - | 12 | Number of DMZ Network VLANs
group 40 | VPSForPC | 20 | 12
345 | VPSForPC.ServersNumber | 2 | - | - | 12 | Number of VPS
346 | VPSForPC.ManagingAllowed | 1 | - | - | 12 | Allow user to create VPS
347 | VPSForPC.CpuNumber | 2 | - | - | 12 | Number of CPU cores
350 | VPSForPC.Ram | 2 | MB | - | 12 | RAM size, MB
351 | VPSForPC.Hdd | 2 | GB | - | 12 | Hard Drive size, GB
352 | VPSForPC.DvdEnabled | 1 | - | - | 12 | DVD drive
348 | VPSForPC.BootCdAllowed | 1 | - | - | 12 | Boot from CD allowed
349 | VPSForPC.BootCdEnabled | 1 | - | - | 12 | Boot from CD
357 | VPSForPC.SnapshotsNumber | 3 | - | - | 12 | Number of Snaphots
353 | VPSForPC.ExternalNetworkEnabled | 1 | - | - | 12 | External Network
354 | VPSForPC.ExternalIPAddressesNumber | 2 | - | - | 12 | Number of External IP addresses
363 | VPSForPC.Bandwidth | 2 | GB | - | 12 | Monthly bandwidth, GB
355 | VPSForPC.PrivateNetworkEnabled | 1 | - | - | 12 | Private Network
356 | VPSForPC.PrivateIPAddressesNumber | 3 | - | - | 12 | Number of Private IP addresses per VPS
358 | VPSForPC.StartShutdownAllowed | 1 | - | - | 12 | Allow user to Start, Turn off and Shutdown VPS
359 | VPSForPC.PauseResumeAllowed | 1 | - | - | 12 | Allow user to Pause, Resume VPS
360 | VPSForPC.RebootAllowed | 1 | - | - | 12 | Allow user to Reboot VPS
361 | VPSForPC.ResetAlowed | 1 | - | - | 12 | Allow user to Reset VPS
362 | VPSForPC.ReinstallAllowed | 1 | - | - | 12 | Allow user to Re-install VPS
group 167 | Proxmox | 20 | 12
673 | PROXMOX.ServersNumber | 2 | - | - | 12 | Number of VPS
674 | PROXMOX.ManagingAllowed | 1 | - | - | 12 | Allow user to create VPS
675 | PROXMOX.CpuNumber | 3 | - | - | 12 | Number of CPU cores
678 | PROXMOX.Ram | 2 | MB | - | 12 | RAM size, MB
679 | PROXMOX.Hdd | 2 | GB | - | 12 | Hard Drive size, GB
680 | PROXMOX.DvdEnabled | 1 | - | - | 12 | DVD drive
676 | PROXMOX.BootCdAllowed | 1 | - | - | 12 | Boot from CD allowed
677 | PROXMOX.BootCdEnabled | 1 | - | - | 12 | Boot from CD
685 | PROXMOX.SnapshotsNumber | 3 | - | - | 12 | Number of Snaphots
681 | PROXMOX.ExternalNetworkEnabled | 1 | - | - | 12 | External Network
682 | PROXMOX.ExternalIPAddressesNumber | 2 | - | - | 12 | Number of External IP addresses
691 | PROXMOX.Bandwidth | 2 | GB | - | 12 | Monthly bandwidth, GB
683 | PROXMOX.PrivateNetworkEnabled | 1 | - | - | 12 | Private Network
684 | PROXMOX.PrivateIPAddressesNumber | 3 | - | - | 12 | Number of Private IP addresses per VPS
686 | PROXMOX.StartShutdownAllowed | 1 | - | - | 12 | Allow user to Start, Turn off and Shutdown VPS
687 | PROXMOX.PauseResumeAllowed | 1 | - | - | 12 | Allow user to Pause, Resume VPS
688 | PROXMOX.RebootAllowed | 1 | - | - | 12 | Allow user to Reboot VPS
689 | PROXMOX.ResetAlowed | 1 | - | - | 12 | Allow user to Reset VPS
690 | PROXMOX.ReinstallAllowed | 1 | - | - | 12 | Allow user to Re-install VPS
692 | PROXMOX.ReplicationEnabled | 1 | - | - | 12 | Allow user to Replication
group 31 | BlackBerry | 21 | 12
319 | BlackBerry.Users | 2 | - | o | 12 | -
group 32 | OCS | 22 | 12
320 | OCS.Users | 2 | - | o | 12 | -
321 | OCS.Federation | 1 | - | - | 12 | -
322 | OCS.FederationByDefault | 1 | - | - | 12 | -
323 | OCS.PublicIMConnectivity | 1 | - | - | 12 | -
324 | OCS.PublicIMConnectivityByDefault | 1 | - | - | 12 | -
325 | OCS.ArchiveIMConversation | 1 | - | - | 12 | -
326 | OCS.ArchiveIMConvervationByDefault | 1 | - | - | 12 | -
327 | OCS.ArchiveFederatedIMConversation | 1 | - | - | 12 | -
328 | OCS.ArchiveFederatedIMConversationByDefault | 1 | - | - | 12 | -
329 | OCS.PresenceAllowed | 1 | - | - | 12 | -
330 | OCS.PresenceAllowedByDefault | 1 | - | - | 12 | -
group 41 | Lync | 24 | 12
370 | Lync.Users | 2 | - | o | 12 | Users
371 | Lync.Federation | 1 | - | - | 12 | Allow Federation
372 | Lync.Conferencing | 1 | - | - | 12 | Allow Conferencing
373 | Lync.MaxParticipants | 3 | - | - | 12 | Maximum Conference Particiapants
374 | Lync.AllowVideo | 1 | - | - | 12 | Allow Video in Conference
375 | Lync.EnterpriseVoice | 1 | - | - | 12 | Allow EnterpriseVoice
376 | Lync.EVUsers | 2 | - | - | 12 | Number of Enterprise Voice Users
377 | Lync.EVNational | 1 | - | - | 12 | Allow National Calls
378 | Lync.EVMobile | 1 | - | - | 12 | Allow Mobile Calls
379 | Lync.EVInternational | 1 | - | - | 12 | Allow International Calls
380 | Lync.EnablePlansEditing | 1 | - | - | 12 | Enable Plans Editing
381 | Lync.PhoneNumbers | 2 | - | - | 2 | Phone Numbers
group 44 | EnterpriseStorage | 26 | 12
430 | EnterpriseStorage.DiskStorageSpace | 2 | MB | o | 12 | Disk Storage Space (Mb)
431 | EnterpriseStorage.Folders | 2 | - | o | 12 | Number of Root Folders
group 49 | StorageSpaceServices | 26 | 12
group 52 | SfB | 26 | 12
582 | SfB.Users | 2 | - | o | 12 | Users
583 | SfB.Federation | 1 | - | - | 12 | Allow Federation
584 | SfB.Conferencing | 1 | - | - | 12 | Allow Conferencing
585 | SfB.MaxParticipants | 3 | - | - | 12 | Maximum Conference Particiapants
586 | SfB.AllowVideo | 1 | - | - | 12 | Allow Video in Conference
587 | SfB.EnterpriseVoice | 1 | - | - | 12 | Allow EnterpriseVoice
588 | SfB.EVUsers | 2 | - | - | 12 | Number of Enterprise Voice Users
589 | SfB.EVNational | 1 | - | - | 12 | Allow National Calls
590 | SfB.EVMobile | 1 | - | - | 12 | Allow Mobile Calls
591 | SfB.EVInternational | 1 | - | - | 12 | Allow International Calls
592 | SfB.EnablePlansEditing | 1 | - | - | 12 | Enable Plans Editing
581 | SfB.PhoneNumbers | 2 | - | - | 12 | Phone Numbers
group 45 | RDS | 27 | 12
450 | RDS.Users | 2 | - | o | 12 | Remote Desktop Users
451 | RDS.Servers | 2 | - | o | 12 | Remote Desktop Servers
468 | EnterpriseStorage.DriveMaps | 1 | - | - | 12 | Use Drive Maps
491 | RDS.Collections | 2 | - | o | 12 | Remote Desktop Servers
452 | RDS.DisableUserAddServer | 1 | - | - | 12 | Disable user from adding server
453 | RDS.DisableUserDeleteServer | 1 | - | - | 12 | Disable user from removing server
"""
