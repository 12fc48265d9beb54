"""Every text a translator is given, as the source has it, and the file they begin with.

    python -m tests.translatable

writes the template ``resources/languages/pixpretty.pot`` anew: texts in their order of the
alphabet, with the files they stand in and no lines, so that it changes only where texts do.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
TEMPLATE: Final = ROOT / "resources/languages/pixpretty.pot"
RENEW: Final = "python -m tests.translatable"
TEXTS_OF: Final = {"tr": 1, "said": 1, "trn": 2, "saidn": 2}
"""What takes texts for translators, and how many of its first arguments are some."""
TAKES_WHAT_IT_IS_GIVEN: Final = {"app/ui/language.py", "app/domain/sentences.py"}
"""Where these are made: the text is a variable there."""
_HEAD: Final = """\
# The texts of PixPretty Credits, to be translated. Places in {braces} stay as they are.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


@dataclass(frozen=True, order=True)
class Text:
    """A text, with its form for many where there is one, and the file it stands in."""

    one: str
    many: str
    file: str


def sources() -> Iterator[tuple[str, str]]:
    """Every module of the program: its path from the top, and its source."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def texts_in(file: str, source: str) -> Iterator[Text | str]:
    """The texts a module gives to translators; a sentence of complaint for one that is no text."""
    for node in ast.walk(ast.parse(source)):
        name = _called(node)
        if not isinstance(node, ast.Call) or name not in TEXTS_OF:
            continue
        given = node.args[: TEXTS_OF[name]]
        said = [one.value for one in given if isinstance(one, ast.Constant)]
        if len(said) < TEXTS_OF[name] or not all(isinstance(one, str) for one in said):
            yield f"{file}:{node.lineno}: {name}() takes its text literally: {ast.unparse(node)}"
        else:
            yield Text(str(said[0]), str(said[1]) if len(said) > 1 else "", file)


def _called(node: ast.AST) -> str:
    """The name of the function a node calls, by itself or of ``language``; else empty."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        return node.func.attr if isinstance(owner, ast.Name) and owner.id == "language" else ""
    return node.func.id if isinstance(node.func, ast.Name) else ""


def collected() -> tuple[list[Text], list[str]]:
    """Every text of the program, and what is wrong with those that cannot be collected."""
    found = [
        one
        for file, source in sources()
        if file not in TAKES_WHAT_IT_IS_GIVEN
        for one in texts_in(file, source)
    ]
    texts = [one for one in found if isinstance(one, Text)]
    return texts, [one for one in found if isinstance(one, str)]


def template() -> str:
    """What translators begin with, in the format of gettext."""
    files: dict[str, set[str]] = defaultdict(set)
    forms: dict[str, str] = {}
    for text in sorted(collected()[0]):
        files[text.one].add(text.file)
        forms[text.one] = text.many or forms.get(text.one, "")
    return "\n".join([_HEAD, *(_entry(one, forms[one], files[one]) for one in sorted(files))])


def _entry(one: str, many: str, files: set[str]) -> str:
    lines = [f"#: {file}" for file in sorted(files)]
    if "{" in one:
        lines.append("#, python-brace-format")
    lines.append(f"msgid {_quoted(one)}")
    if many:
        lines += [f"msgid_plural {_quoted(many)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(template(), "utf-8")
