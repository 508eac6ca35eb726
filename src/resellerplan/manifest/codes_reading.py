"""Rows of the table of codes: RP10 reading files and YAML, RP11 values and repetition."""

from __future__ import annotations

from typing import Final

from resellerplan.manifest.code_row import Code, row, tells, warns

__all__ = ["READING"]

_FILES = (
    row(
        "RP1001",
        "no such file",
        "A path on the command line, in `include:` or in a `{csv: ...}` leads to nothing. Paths in a manifest are relative to "
        "the file that names them; a folder stands for its resellerplan.yaml.",
        wrong="include: [customer/*.yaml]",
        right="include: [customers/*.yaml]",
    ),
    row(
        "RP1002",
        "file can't be read",
        "The file is there, but the operating system does not let it be read, or it is no file (a device, a folder). Nothing is "
        "assumed about what may stand in it.",
    ),
    row(
        "RP1003",
        "not valid YAML",
        "The parser can't go on at this place, so nothing behind it was looked at. Often the cause is a line above: a quote "
        "that is not closed, a tab for indentation, a missing blank behind a colon.",
        wrong="customers:\n  - username: mueller\n   email: petra@mueller.example",
        right="customers:\n  - username: mueller\n    email: petra@mueller.example",
    ),
    row(
        "RP1004",
        "nothing in this file",
        "An empty file, or one with comments alone, is more likely a mistake (a cut transfer, an editor that failed) than a wish.",
        wrong="# nothing here yet",
        right="version: 1",
    ),
    row(
        "RP1005",
        "more than one document in a file",
        "A file is one document. What stands behind a second `---` was not read.",
        wrong="version: 1\n---\nversion: 1",
        right="version: 1",
    ),
    row(
        "RP1006",
        "key given twice",
        "YAML readers disagree about which of the two counts, so neither is taken for granted. The note shows the first.",
        wrong="customers:\n  - username: mueller\n    email: a@mueller.example\n    email: b@mueller.example",
        right="customers:\n  - username: mueller\n    email: b@mueller.example",
    ),
    row(
        "RP1007",
        "key is not a text",
        "Keys are plain texts. A list or a mapping as a key is most often a template without quotes: `{{ x }}` is a mapping to "
        "YAML.",
        wrong="customers:\n  - username: {{ vars.name }}",
        right='customers:\n  - username: "{{ vars.name }}"',
    ),
    row(
        "RP1008",
        "tag that is not accepted",
        "Of YAML's tags only those of the core are known (`!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!seq`, `!!map`), "
        "and they must fit what is written. No tag can make an object or run anything.",
        wrong="version: !!python/name:os.system 1",
        right="version: 1",
    ),
    row("RP1009", "nested too deeply", "No manifest needs so many levels; a file that has them is damaged or hostile."),
    row(
        "RP1010",
        "too many values in one file",
        "Reading stopped, so that memory stays bounded. Split the file and `include:` its parts.",
    ),
    row("RP1011", "text is too long", "No value of the panel is so long; a file that has one is damaged or hostile."),
    row(
        "RP1012",
        "alias without an anchor",
        "`*name` repeats what `&name` marked earlier in the same file. Anchors don't reach into other files; an anchor can't "
        "hold itself.",
        wrong="plans:\n  - *base",
        right="plans:\n  - &base {name: Web S, groups: {OS: {Diskspace: 1 GB}}}",
    ),
    row(
        "RP1013",
        "number is not finite",
        "`.inf` and `.nan` mean nothing to the panel.",
        wrong="plans:\n  - name: Web S\n    groups: {OS: {Diskspace: .inf}}",
        right="plans:\n  - name: Web S\n    groups: {OS: {Diskspace: unlimited}}",
    ),
    row(
        "RP1014",
        "aliases stand for too much",
        "A few lines of aliases can stand for billions of values. Reading stopped at the limit, so that memory stays bounded.",
    ),
    row(
        "RP1015",
        "merge key takes a mapping",
        "`<<` works the keys of another mapping in, or of each mapping of a list.",
        wrong="customers:\n  - <<: 5\n    username: mueller",
        right="customers:\n  - &base {username: mueller}\n  - <<: *base\n    username: schmidt",
    ),
    row(
        "RP1016",
        "control character in a value",
        "The panel stores such a character and can then not be read by a strict program any more. Tabs and line ends are fine.",
        wrong='customers:\n  - username: mueller\n    company: "M\\u0001"',
        right='customers:\n  - username: mueller\n    company: "M"',
    ),
    row("RP1017", "too many findings in one file", "The rest was not looked at: it would not fit on any screen. Mend these first."),
    row("RP1018", "file is too large", "Reading stopped before the file was in memory. Split it and `include:` its parts."),
    row(
        "RP1019",
        "text is not UTF-8",
        "Manifests are UTF-8, with or without a byte-order mark. In another encoding names would silently turn into other names. "
        "(Tables may be Windows-1252, as spreadsheets save them.)",
    ),
    row("RP1020", "not a text file", "The file holds NUL bytes: it is a program, an archive or damaged, but no YAML and no table."),
    row(
        "RP1021",
        "file changed while it was read",
        "What was read may be half of the old and half of the new. Run the command again.",
    ),
    warns(
        "RP1022",
        "pattern finds no file",
        "A pattern under `include:` found nothing. If that is meant, drop it; often a folder was renamed.",
        wrong="include: [nowhere/*.yaml]",
    ),
    row("RP1023", "links lead in a circle", "The path never arrives at a file, because a link leads back to itself."),
    row(
        "RP1024",
        "too many files",
        "A pattern under `include:` finds more files than an estate has; most likely it begins too high up.",
    ),
    row(
        "RP1025",
        "include takes file names",
        "`include:` is a file name or pattern, or a list of them, without templates: what is read can't depend on what is read.",
        wrong="include: {customers: customers.yaml}",
        right="include: [customers.yaml]",
    ),
    tells(
        "RP1026",
        "read without libyaml",
        "PyYAML was installed without libyaml. The result is the same; big files take some thirty times longer.",
    ),
    row(
        "RP1027",
        "declared in two files",
        "A variable or a default that two files declare differently would depend on their order. The note shows the other place.",
        wrong="vars: {country: DE}\ninclude: [other.yaml]",
    ),
    row("RP1028", "file of variables is a mapping", "`--var-file` names a YAML file with one `name: value` a line."),
)

_VALUES = (
    row(
        "RP1101",
        "unknown name in a template",
        "Templates are strict: a misspelt name would otherwise become an empty text. Names are those of `vars:` and, below a "
        "`for_each:`, `each.key` and `each.value`.",
        wrong='customers:\n  - username: "{{ vars.nmae }}"',
        right='vars: {name: mueller}\ncustomers:\n  - username: "{{ vars.name }}"',
    ),
    row(
        "RP1102",
        "template can't be understood",
        "What stands in `{{ ... }}` or `{% ... %}` is no Jinja2 expression.",
        wrong='vars: {name: mueller}\ncustomers:\n  - username: "{{ vars.name "',
        right='vars: {name: mueller}\ncustomers:\n  - username: "{{ vars.name }}"',
    ),
    row(
        "RP1103",
        "template reaches for what it may not have",
        "Templates see their variables and nothing else: no insides of Python, no files, no environment, no network, no other "
        "template.",
        wrong='customers:\n  - username: "{{ vars.__class__ }}"',
        right='vars: {name: mueller}\ncustomers:\n  - username: "{{ vars.name }}"',
    ),
    row(
        "RP1104",
        "template fails",
        "The expression is understood, but can't be computed with these values.",
        wrong='vars: {n: 0}\ncustomers:\n  - username: "{{ 1 // vars.n }}"',
    ),
    row(
        "RP1105",
        "template makes too much",
        "The template is too long, makes too long a text, or goes round too often. Repetition is what `for_each:` is for.",
        wrong="customers:\n  - username: \"{{ 'a' * 10000000 }}\"",
    ),
    row(
        "RP1106",
        "template in a key",
        "Only values may be templates: keys say what something is, and editors and reviewers must be able to see it.",
        wrong='vars: {k: username}\ncustomers:\n  - "{{ vars.k }}": mueller',
        right="customers:\n  - username: mueller",
    ),
    row(
        "RP1107",
        "for_each takes a list, a mapping or a table",
        "A table is `{csv: FILE}`, `{xlsx: FILE}` or `{ods: FILE}`. An expression may give a list or a mapping.",
        wrong="customers:\n  - for_each: 5\n    username: mueller",
        right='customers:\n  - for_each: [mueller, schmidt]\n    username: "{{ each.value }}"',
    ),
    row(
        "RP1108",
        "for_each at a place that is no list",
        "`for_each:` makes several entries of a list out of one, so it stands in an entry of a list.",
        wrong="panel:\n  for_each: [a, b]",
    ),
    row(
        "RP1110",
        "expanded to too much",
        "`for_each:` made more entries than an estate has. Reading stopped, so that memory stays bounded.",
    ),
    row(
        "RP1111",
        "table option that can't be used",
        "Besides the file, a table takes `columns`, `separator`, `encoding`, `decimal` and (spreadsheets) `sheet`.",
        wrong='customers:\n  - for_each: {csv: customers.csv, delimiter: ";"}\n    username: "{{ each.value.username }}"',
        right='customers:\n  - for_each: {csv: customers.csv, separator: ";"}\n    username: "{{ each.value.username }}"',
    ),
    row(
        "RP1112",
        "row has another number of cells than the headings",
        "A cell too many or too few moves all cells behind it into wrong columns. Often a text holds the separator and has no "
        "quotes.",
    ),
    row("RP1113", "heading stands twice", "Two columns with one name: `each.value` could mean either."),
    row(
        "RP1114",
        "separator can't be told",
        "More than one of `;`, `,` and tab could separate the cells. The reading that was taken is named under the caret.",
    ),
    row(
        "RP1115",
        "encoding can't be told",
        "The table is neither UTF-8 nor Windows-1252, or could be either. Save it as UTF-8, or say `encoding:`.",
    ),
    row(
        "RP1116",
        "decimal mark can't be told",
        '`1,234` is a bit more than one in German and more than a thousand in English. Say `decimal: ","` or `decimal: "."`.',
    ),
    row(
        "RP1117",
        "column is not in the table",
        "`columns:` maps a name of ours to a heading of the table, and the table has no such heading.",
    ),
    row("RP1118", "table without headings", "The first row names the columns; this table is empty, or a heading is."),
    tells(
        "RP1119",
        "how a table was read",
        "What was taken for granted about a table: separator, encoding, decimal mark. Say it in the manifest to be sure.",
    ),
    row(
        "RP1120",
        "spreadsheets need an extra",
        "Reading .xlsx and .ods takes a library that is not installed with the rest.",
    ),
    row(
        "RP1121",
        "sheet can't be read",
        "The file is no spreadsheet of this kind, is damaged or encrypted, or has no sheet of this name.",
    ),
    row("RP1122", "quote is not closed", "A cell begins with a quote that is never closed, so it swallows the rest of the table."),
    row(
        "RP1123", "table is too large", "More rows, columns or longer cells than any table of customers has. Reading stopped there."
    ),
    row(
        "RP1124",
        "date can't be told",
        "A date like 03/04/2026 means March in America and April elsewhere. Write 2026-04-03 or 03.04.2026.",
    ),
    row(
        "RP1125",
        "cell of a spreadsheet holds an error",
        "The formula of the cell failed (`#REF!`, `#N/A`), so it has no value, and an empty one would be taken for a wish. "
        "Mend the formula in the spreadsheet.",
    ),
)

READING: Final[tuple[Code, ...]] = (*_FILES, *_VALUES)
"""In order of the codes."""
