"""Rows of the table of codes: what a manifest means (RP12 to RP17)."""

from __future__ import annotations

from typing import Final

from resellerplan.manifest.code_row import Code, row, warns

__all__ = ["MEANING"]

_SHAPE = (
    row(
        "RP1201",
        "unknown key",
        "The language has no such key at this place. Nothing is guessed: a misspelt key would silently do nothing.",
        wrong="customers:\n  - user_name: mueller",
        right="customers:\n  - username: mueller",
    ),
    row(
        "RP1202",
        "required key is missing",
        "Without this key the object has no meaning. The finding stands at the object's first key.",
        wrong="spaces:\n  - customer: mueller",
        right="spaces:\n  - customer: mueller\n    plan: Web S",
    ),
    row(
        "RP1203",
        "unknown group",
        "No resource group of the panel has this name. Without a catalogue.lock.yaml the shipped catalogue decides; if your panel "
        "has more groups, `resellerplan schema --from-panel` writes its own catalogue beside the manifest.",
        wrong="groups:\n  Webb: {Sites: 1}",
        right="groups:\n  Web: {Sites: 1}",
    ),
    row(
        "RP1204",
        "unknown quota",
        "The group has no quota of this name. Without a catalogue.lock.yaml the shipped catalogue decides; if your panel has more "
        "quotas, `resellerplan schema --from-panel` writes its own catalogue beside the manifest.",
        wrong="groups:\n  OS: {Diskspce: 5 GB}",
        right="groups:\n  OS: {Diskspace: 5 GB}",
    ),
    row(
        "RP1205",
        "quota of another group",
        "The quota exists, but in another group; the panel would never show it here.",
        wrong="groups:\n  OS: {Sites: 1}",
        right="groups:\n  Web: {Sites: 1}",
    ),
    row(
        "RP1206",
        "value of the wrong type",
        "The key takes another type of value: text, a number, true or false, a list or a mapping.",
        wrong="customers:\n  - username: [mueller]",
        right="customers:\n  - username: mueller",
    ),
    row(
        "RP1207",
        "value is not one of those that are possible",
        "The key takes one of a few words.",
        wrong="status: paused",
        right="status: suspended",
    ),
    row(
        "RP1208",
        "number below zero",
        "Numbers below 0 are refused. The panel's -1 is written `unlimited`.",
        wrong="OS: {Domains: -1}",
        right="OS: {Domains: unlimited}",
    ),
    row(
        "RP1209",
        "size is not understood",
        "A size is a number and one of MB, GB, TB, as in `5 GB`; without a unit it is what the panel counts in (MB for "
        "disk space).",
        wrong="OS: {Diskspace: 5 Gigabyte}",
        right="OS: {Diskspace: 5 GB}",
    ),
    row(
        "RP1210",
        "size does not come out whole",
        "The panel counts whole numbers (1 GB = 1024 MB), so a size must be one.",
        wrong="OS: {Diskspace: 0.3 GB}",
        right="OS: {Diskspace: 307 MB}",
    ),
    row(
        "RP1212",
        "quota value of the wrong type",
        "A switch takes true or false; a counted quota a number or `unlimited`; a size may have a unit.",
        wrong="Web: {AspNet40: 5}",
        right="Web: {AspNet40: true}",
    ),
    row(
        "RP1213",
        "text is longer than the panel stores",
        "Depending on its database the panel cuts longer text silently, stores it whole or fails; so it is refused before anything "
        "is sent.",
        wrong='zip: "012345678901234567890"',
        right='zip: "01067"',
    ),
    row("RP1214", "text is empty", "The key needs a text that is not empty.", wrong='name: ""', right="name: Web S"),
    row(
        "RP1215",
        "not an e-mail address",
        "An address has one @, no blanks, and a dot in its domain.",
        wrong="email: petra@mueller",
        right="email: petra@mueller.example",
    ),
    row(
        "RP1216",
        "user name holds a character that the panel refuses",
        'The panel refuses user names with any of \\ / : * ? < > | " (code -111).',
        wrong='username: "müller/web"',
        right="username: mueller-web",
    ),
    row(
        "RP1218",
        "not a domain name",
        "A domain name is labels of letters, digits and hyphens with dots between them, at most 100 characters; other letters are "
        "written in their xn-- form.",
        wrong="domain: www,mueller,example",
        right="domain: mueller.example",
    ),
    row(
        "RP1219",
        "not a day",
        "A day is written as year-month-day.",
        wrong="ends: 31.03.2027",
        right="ends: 2027-03-31",
    ),
    row(
        "RP1220",
        "not a length of time",
        "A length of time is a whole number and its unit: `30 days` for a quarantine, `1 month` or `12 months` for a price.",
        wrong="quarantine: a month",
        right="quarantine: 30 days",
    ),
    row(
        "RP1221",
        "amount has more than four places",
        "The panel stores money with four places.",
        wrong="price: {recurring: 4.99999}",
        right="price: {recurring: 4.99}",
    ),
    row(
        "RP1222",
        "not a share",
        "A share is a percentage from 0% to 100%, written with its sign.",
        wrong="policy: {deletes: {share: 0.05}}",
        right="policy: {deletes: {share: 5%}}",
    ),
    row(
        "RP1223",
        "number is out of range",
        "The panel stores whole numbers of 32 bits; some keys take a narrower range.",
        wrong="OS: {Domains: 3000000000}",
        right="OS: {Domains: unlimited}",
    ),
    row(
        "RP1224",
        "said twice in two ways",
        "Two keys of the same object say the same thing; one of them has to go.",
        wrong="domain: a.example\ndomains: [b.example]",
        right="domains: [a.example, b.example]",
    ),
    row(
        "RP1225",
        "listed twice",
        "The list names the same thing more than once.",
        wrong="domains: [a.example, a.example]",
        right="domains: [a.example]",
    ),
    row(
        "RP1226",
        "null where a value is needed",
        "`null` asks for the panel's empty value, and this key has none. Leave the key out to leave it alone.",
        wrong="html_mail: null",
        right="html_mail: false",
    ),
    row(
        "RP1227",
        "hidden quota",
        "The panel never lists this quota and drops its value on every update of a plan, so it can't be declared.",
        wrong="OS: {DomainPointers: 5}",
        right="OS: {Domains: 5}",
    ),
    row(
        "RP1229",
        "blanks at the ends of a name",
        "The panel cuts or ignores them, depending on its database, and the name would not be found again.",
        wrong='username: "mueller "',
        right="username: mueller",
    ),
    row(
        "RP1231",
        "field is given up without a reason",
        "`ignore_changes` names for each field who owns it, so that the plan can say why a difference is left alone.",
        wrong="ignore_changes: [status]",
        right='ignore_changes: {status: "owned by WHMCS"}',
    ),
    row(
        "RP1232",
        "unknown field",
        "`initial` and `ignore_changes` take the fields of their object.",
        wrong='ignore_changes: {telephone: "owned by the customer"}',
        right='ignore_changes: {phone: "owned by the customer"}',
    ),
    row(
        "RP1234",
        "letter that the panel's database can't hold",
        "Phones, fax, zip and instant messenger are stored in an 8-bit column: letters outside Windows-1252 become `?`.",
        wrong='city: Ок\nzip: "Ω1067"',
        right='zip: "01067"',
    ),
    row(
        "RP1299",
        "does not fit the schema",
        "The published schema refuses this value.",
    ),
)

_REFERENCES = (
    row(
        "RP1301",
        "unknown plan",
        "The space names a hosting plan that no manifest declares. A plan that exists on the panel and is not to be managed is "
        "declared with `existing: true`.",
        wrong="plan: Web X",
        right="plan: Web S",
    ),
    row(
        "RP1302",
        "unknown customer",
        "The space names a customer that no manifest declares. A customer that exists on the panel and is not to be managed is "
        "declared with `existing: true`.",
        wrong="customer: muller",
        right="customer: mueller",
    ),
    row(
        "RP1303",
        "unknown add-on",
        "The space names an add-on that no manifest declares: an add-on is an entry of `plans` with `addon: true`.",
        wrong="addons: [{plan: Extra 11 GB}]",
        right="addons: [{plan: Extra 10 GB}]",
    ),
    row(
        "RP1304",
        "plan is in use and marked absent",
        "A plan can't be deleted while a declared space has it.",
        wrong="plans:\n  - {name: Web S, state: absent, reason: retired}",
        right="spaces:\n  - {customer: mueller, plan: Web M}",
    ),
    row(
        "RP1305",
        "space of a customer who is marked absent",
        "Deleting a customer deletes the spaces, so a space can't be wanted under it.",
        wrong="customers:\n  - {username: mueller, state: absent, reason: left}\nspaces:\n  - {customer: mueller, plan: Web S}",
        right="spaces:\n  - {customer: mueller, name: Web S, state: absent, reason: left}",
    ),
    row(
        "RP1306",
        "plan and add-on are mixed up",
        "A space has one hosting plan and any number of add-ons; neither can stand for the other.",
        wrong="plan: Extra 10 GB",
        right="addons: [{plan: Extra 10 GB}]",
    ),
    row(
        "RP1311",
        "resource without its group in the plan",
        "The panel makes the space first and its resources afterwards; when the plan lacks the group it deletes the fresh "
        "space again.",
        wrong="resources: {ftp: true}",
        right="groups:\n  FTP: {Accounts: 1}",
    ),
    row(
        "RP1312",
        "domain without the quota for it in the plan",
        "A domain needs OS.Domains; without it the panel answers -500 and deletes the fresh space again.",
        wrong="groups:\n  OS: {Diskspace: 5 GB}",
        right="groups:\n  OS: {Diskspace: 5 GB, Domains: 1}",
    ),
    row(
        "RP1313",
        "resources without a domain",
        "Space resources are made with the first domain, and only then.",
        wrong="resources: {website: true}",
        right="domain: mueller.example\nresources: {website: true}",
    ),
    row(
        "RP1314",
        "name of an FTP account is used twice",
        "`ftp: true` names the account after the user name, and the panel allows a name once (code -1101).",
        wrong="resources: {ftp: true}",
        right="resources: {ftp: {name: mueller-shop}}",
    ),
    row(
        "RP1315",
        "resource without its quota in the plan",
        "The group is in the plan, but the quota that counts the resource is 0: the panel refuses the resource and deletes the "
        "fresh space again.",
        wrong="groups:\n  FTP: {Accounts: 0}",
        right="groups:\n  FTP: {Accounts: 1}",
    ),
    row(
        "RP1316",
        "domain is declared twice",
        "A domain name is unique on the whole panel (code -502).",
        wrong="domain: mueller.example",
        right="domain: shop.mueller.example",
    ),
    row(
        "RP1317",
        "more domains than the plan allows",
        "OS.Domains of the plan, with the space's add-ons and own terms, is less than the number of domains declared (code -500).",
        wrong="domains: [a.example, b.example]",
        right="groups:\n  OS: {Domains: 2}",
    ),
    row(
        "RP1318",
        "active space under a customer who is not",
        "A customer's status cascades to the spaces, as in the panel.",
        wrong="status: active",
        right="status: suspended",
    ),
    row(
        "RP1319",
        "your own package lacks the group that this needs",
        "Spaces stand on your own package, and what it lacks no plan can give them. catalogue.lock.yaml says which groups it has; "
        "`resellerplan schema --from-panel` writes that anew once the panel's operator has added one.",
        wrong="resources: {ftp: true}",
        right="resources: {ftp: false}",
    ),
)

_LIFE = (
    row(
        "RP1401",
        "declared twice",
        "The same object stands in the manifests more than once, in any file. Customers are compared without case.",
        wrong="customers:\n  - username: mueller\n  - username: Mueller",
        right="customers:\n  - username: mueller",
    ),
    row("RP1402", "two objects with the same id", "An `id:` pins one object of the panel.", wrong="id: 41", right="id: 42"),
    row(
        "RP1403",
        "customers can't be renamed",
        "The panel has no way to change a user name.",
        wrong="moved_from: muller",
        right="username: muller",
    ),
    row(
        "RP1404",
        "old name is still declared",
        "`moved_from` says that the object had another name; an object of that name is declared as well.",
        wrong="- name: Web M\n  moved_from: Web S\n- name: Web S",
        right="- name: Web M\n  moved_from: Web S",
    ),
    row("RP1405", "moved from itself", "`moved_from` names the object's own name.", wrong="moved_from: Web S", right="name: Web S"),
    row(
        "RP1406",
        "two objects moved from the same one",
        "One object of the panel can become only one.",
        wrong="moved_from: Web S",
        right="moved_from: Web XS",
    ),
    row(
        "RP1407",
        "absent without a reason",
        "Deleting takes an explicit `state: absent` with a `reason`, which every plan and report shows.",
        wrong="state: absent",
        right="state: absent\nreason: contract ended",
    ),
    row(
        "RP1408",
        "key without `state: absent`",
        "`reason`, `quarantine` and `only_if` belong to an object that is to be deleted.",
        wrong="reason: contract ended",
        right="state: absent\nreason: contract ended",
    ),
    row(
        "RP1409",
        "protected and absent",
        "`protect: true` refuses any delete; take it away first, in a change of its own.",
        wrong="protect: true\nstate: absent",
        right="state: absent",
    ),
    row(
        "RP1410",
        "existing object with fields to manage",
        "`existing: true` says that the object is only referenced; nothing of it is compared or changed.",
        wrong="- name: Web S\n  existing: true\n  description: Small",
        right="- name: Web S\n  existing: true",
    ),
    row(
        "RP1412",
        "ends before it begins",
        "`ends` is the first day of the suspension, `from` the first day the object may exist.",
        wrong="from: 2027-01-01\nends: 2026-12-31",
        right="from: 2027-01-01\nends: 2027-12-31",
    ),
    row(
        "RP1413",
        "condition can't be counted",
        "`only_if` takes `domains` and quotas with counted usage, by their full name.",
        wrong="only_if: {websites: 0}",
        right="only_if: {Web.Sites: 0}",
    ),
    row(
        "RP1414",
        "field is both managed and initial",
        "`initial` holds values for creation only; a field outside of it is kept as declared for ever.",
        wrong='phone: "1"\ninitial: {phone: "2"}',
        right='initial: {phone: "2"}',
    ),
    row(
        "RP1416",
        "status contradicts the suspension register",
        "A customer who is listed in the register is to be suspended, so it can be neither wanted active nor only referenced.",
        wrong="status: active",
        right="status: suspended",
    ),
    row(
        "RP1417",
        "register names an unknown customer",
        "Every user name in the suspension register must be declared.",
        wrong="username,since,reason\nmuler,2026-01-01,unpaid",
        right="username,since,reason\nmueller,2026-01-01,unpaid",
    ),
    row(
        "RP1418",
        "listed twice in the suspension register",
        "One row per customer, besides those with a day in `resumed`.",
        wrong="mueller,2026-01-01,unpaid\nmueller,2026-02-01,unpaid",
        right="mueller,2026-01-01,unpaid",
    ),
    row(
        "RP1419",
        "row of the suspension register is incomplete",
        "A row has a user name, the day since when (year-month-day) and a reason.",
        wrong="mueller,,",
        right="mueller,2026-01-01,unpaid",
    ),
)

_SECRETS = (
    row(
        "RP1501",
        "password in the text",
        "A manifest lives in git, and so would the password. Name a source; for tests and the demo there is "
        "--allow-literal-passwords.",
        wrong="password: hunter2",
        right="password: {env: MUELLER_PASSWORD}",
    ),
    row(
        "RP1503",
        "command as a source without permission",
        "Who changes a manifest could run anything on the machine that plans or applies it; so commands need "
        "--allow-secret-commands from outside the manifest.",
        wrong="password: {command: [pass, show, mueller]}",
        right="password: {env: MUELLER_PASSWORD}",
    ),
    row(
        "RP1504",
        "secret's file is outside the repository",
        "A manifest could name any file of the machine that plans or applies it; so files outside the repository need "
        "--allow-secret-files from outside the manifest.",
        wrong="password: {file: ../../etc/secret}",
        right="password: {file: secrets/mueller}",
    ),
    row(
        "RP1505",
        "encrypted file without recipients",
        "A file that is encrypted with age needs at least one recipient: `recipients:` beside the path or at the top of the "
        "manifest.",
        wrong="password: {generate: {length: 20}, to: credentials/mueller.age}",
        right="recipients: [age1...]",
    ),
    row(
        "RP1506",
        "not an age recipient",
        "A recipient is a public key as `age-keygen` prints it (age1...) or an SSH public key.",
        wrong="recipients: [me@example.net]",
        right="recipients: [age1...]",
    ),
    row(
        "RP1507",
        "not one source",
        "A password comes from exactly one of env, file, command, generate; `to` belongs to generate.",
        wrong="password: {env: A, file: b}",
        right="password: {env: A}",
    ),
    row(
        "RP1508",
        "plain file for passwords inside the repository",
        "A file in the repository would be committed with the password in it: encrypt it (.age with recipients) or put it "
        "elsewhere.",
        wrong="to: credentials/mueller.txt",
        right="to: credentials/mueller.age",
    ),
    row(
        "RP1509",
        "password is longer than the panel keeps",
        "A password of more than 71 characters is cut once it is encrypted, and nobody can log in with it.",
    ),
)

_REMARKS = (
    warns(
        "RP1601",
        "plan that nobody uses",
        "No declared space has this plan or add-on. It is made all the same; `existing: true` plans are not counted.",
        wrong="plans:\n  - name: Web XS",
        right="spaces:\n  - {customer: mueller, plan: Web XS}",
    ),
    warns(
        "RP1602",
        "customers with the same e-mail address",
        "The panel allows it; often it is a copy that was not edited.",
        wrong="email: petra@mueller.example",
        right="email: ernst@schmidt.example",
    ),
    warns(
        "RP1603",
        "user names that some databases take for one",
        "MariaDB and MySQL take names for equal that differ only in case, accents or trailing blanks: there the second is refused "
        "(code -100).",
        wrong="- username: muller\n- username: müller",
        right="- username: muller\n- username: mueller",
    ),
    warns(
        "RP1604",
        "names that differ only in case or blanks",
        "To the panel these are two objects; people will take one for the other.",
        wrong="- name: Web S\n- name: web s",
        right="- name: Web S",
    ),
    warns(
        "RP1605", "nothing is declared", "The manifests hold no customer, plan or space. Nothing is ever deleted because of that."
    ),
    warns(
        "RP1606",
        "group that your own package lacks",
        "The panel stores the group in the plan, and it has no effect in any space. catalogue.lock.yaml says which groups your own "
        "package has.",
        wrong="groups:\n  MsSQL2022: {Databases: 1}",
        right="groups:\n  MariaDB: {Databases: 1}",
    ),
    warns(
        "RP1607",
        "letter in a name that nobody sees",
        "A name holds a letter without width, a mark of direction or a blank that is none (U+00A0). Nobody can type it again, and "
        "two names that look the same are two.",
    ),
)

_SETTINGS = (
    row(
        "RP1701",
        "manifest is written for another version",
        "This program reads version 1 of the language.",
        wrong="version: 2",
        right="version: 1",
    ),
    row(
        "RP1702",
        "unknown diagnostic code",
        "`diagnostics:` takes codes of the table.",
        wrong="diagnostics: {RP9999: off}",
        right="diagnostics: {RP1601: off}",
    ),
    row(
        "RP1703",
        "error can't be made lighter",
        "An error stops because nothing sensible can be built from it; only warnings and notes can be switched.",
        wrong="diagnostics: {RP1401: off}",
        right="diagnostics: {RP1601: off}",
    ),
    row(
        "RP1704",
        "setting differs between files",
        "Several files add up to one estate, so a setting of the whole estate can have only one value.",
        wrong="currency: EUR\n---\ncurrency: CHF",
        right="currency: EUR",
    ),
    row(
        "RP1705",
        "unknown time zone",
        "Days are judged in this zone, by its IANA name.",
        wrong="timezone: Berlin",
        right="timezone: Europe/Berlin",
    ),
    row(
        "RP1706",
        "panel's address is not understood",
        "`panel.url` is http(s)://HOST[:PORT][/PATH], or embedded:PATH.",
        wrong="panel: {url: panel.example.net}",
        right="panel: {url: https://panel.example.net:9002}",
    ),
    row(
        "RP1707",
        "not a currency",
        "A currency is three capital letters (ISO 4217).",
        wrong="currency: Euro",
        right="currency: EUR",
    ),
    row(
        "RP1711",
        "catalogue.lock.yaml is not understood",
        "The file beside the manifest is written by `resellerplan schema --from-panel`; write it anew, or delete it to use the "
        "shipped catalogue.",
    ),
)

MEANING: Final[tuple[Code, ...]] = (*_SHAPE, *_REFERENCES, *_LIFE, *_SECRETS, *_REMARKS, *_SETTINGS)
"""In order of the codes."""
