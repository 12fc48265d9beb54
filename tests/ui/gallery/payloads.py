"""Sixty texts that somebody may call himself: none of them is anything but text."""

from typing import Final

MARKUP: Final = (
    "<img src=file:///etc/hostname>",
    "<img src=':/icons/x.svg'>",
    "<img src=x onerror=alert(1)>",
    "<b>bold</b>",
    "<i>a</i><br>b",
    "<qt>rich</qt>",
    "<html><body>page</body></html>",
    "<!DOCTYPE html><p>p",
    "<a href='https://example.com'>here</a>",
    "<style>* { color: red }</style>x",
    "<font size=7 color=red>big</font>",
    "<table><tr><td>1</td></tr></table>",
    "<svg><text>drawn</text></svg>",
    "<script>alert(1)</script>",
    "<!-- gone -->",
    "&amp;",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&nbsp;&copy;",
    "]]><![CDATA[x]]>",
    "# heading **bold** ![x](y.png)",
)
PLACES: Final = (
    "{0}",
    "{name}",
    "{",
    "}}",
    "{name!r:>99}",
    "%s %d %1 %n",
    "[*]",
    "[*][*]",
    "$HOME",
)
MNEMONICS: Final = ("&File", "A & B", "A && B", "&&&", "R&D &", "(&x)")
FORMULAS: Final = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "=cmd|' /c calc'!A0",
    "\"quoted\", 'too'",
)
QUERIES: Final = ("'; DROP TABLE user; --", "NEAR(a b) OR *", '"a" AND NOT b:c', "%_\\")
PATHS: Final = ("../../etc/passwd", "C:\\con\\nul", '{"key": [1, null]}')
INVISIBLE: Final = (
    "\u202egnp.exe\u202c",
    "\u2067turned\u2069",
    "\u2068never closed",
    "zero\u200bwidth\u200d",
    "z" + "\u0301" * 60,
    "bell\x07\x1b[31mred",
    "nul\x00nul",
    "two\nlines",
    "tab\tbed",
)
SCRIPTS: Final = ("أميرة حداد", "שלום 123", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f525")
LONG: Final = ("<b>" + "x" * 9_997, "W" * 400)

PAYLOADS: Final = (
    *MARKUP, *PLACES, *MNEMONICS, *FORMULAS, *QUERIES, *PATHS, *INVISIBLE, *SCRIPTS, *LONG,
)  # fmt: skip
