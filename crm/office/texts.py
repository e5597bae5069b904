"""The texts for people in the code and the templates, and the catalogues that translate them.

Works without the system's gettext: templates become Python calls by Django's own
`templatize`, and Babel reads those and the catalogues.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

CODE = ("config", "crm", "loyalty", "reminders")
TEMPLATES = ("*.html", "*.txt", "*.ics", "*.xml")
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
CONTEXTUAL = {name for name, spec in KEYWORDS.items() if spec and isinstance(spec[0], tuple)}
NAMED = re.compile(r"%\((\w+)\)|\{(\w+)\}")

Key = tuple[str | None, str | tuple[str, str]]


@dataclass
class Text:
    """One text for people: its key in the catalogues, and where it stands."""

    key: Key
    places: list[tuple[str, int]] = field(default_factory=list)


def texts(root: Path) -> dict[Key, Text]:
    """Every text below `root` that is marked for translation."""
    found: dict[Key, Text] = {}
    for path, source in sources(root):
        name = str(path.relative_to(root))
        for line, call, arguments, _ in extract_python(io.BytesIO(source.encode()), KEYWORDS.keys(), (), {}):
            if key := key_of(call, arguments):
                found.setdefault(key, Text(key)).places.append((name, line))
    return found


def sources(root: Path) -> Iterator[tuple[Path, str]]:
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()
    for pattern in TEMPLATES:
        for path in sorted((root / "templates").rglob(pattern)):
            # inside parentheses the blanks before a line mean nothing
            yield path, "(" + templatize(path.read_text(), origin=str(path)) + "\n)"


def key_of(call: str, arguments: object) -> Key | None:
    """(context, text) or (context, (one, many)); None where a text is put together at run time."""
    words = list(arguments) if isinstance(arguments, tuple | list) else [arguments]
    context = words.pop(0) if call in CONTEXTUAL else None
    plural = "ngettext" in call or "npgettext" in call
    words = words[: 2 if plural else 1]
    if not words or not all(isinstance(word, str) and word for word in words):
        return None
    return (context, (words[0], words[1]) if plural else words[0])


def key_of_message(message: Message) -> Key:
    one = tuple(message.id) if isinstance(message.id, list | tuple) else message.id
    return (message.context, one)


def read_catalogue(path: Path, *, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def wrong_in(path: Path, *, language: str, wanted: dict[Key, Text]) -> dict[str, list[str]]:
    """What keeps a language from being complete, by kind: missing, fuzzy, placeholders."""
    catalogue = read_catalogue(path, language=language)
    known = {key_of_message(message): message for message in catalogue if message.id}
    wrong: dict[str, list[str]] = {"missing": [], "fuzzy": [], "placeholders": []}
    for key, text in wanted.items():
        message = known.get(key) or known.get((key[0], key[1][0]) if isinstance(key[1], tuple) else key)
        label = f"{text.places[0][0]}:{text.places[0][1]}: {shown(key)}"
        if message is None or not complete(message, forms=catalogue.num_plurals):
            wrong["missing"].append(label)
        elif message.fuzzy:
            wrong["fuzzy"].append(label)
        elif not same_placeholders(message):
            wrong["placeholders"].append(label)
    return wrong


def complete(message: Message, *, forms: int) -> bool:
    if isinstance(message.id, list | tuple):
        return isinstance(message.string, list | tuple) and len(message.string) == forms and all(message.string)
    return bool(message.string)


def same_placeholders(message: Message) -> bool:
    """The translation names what the original names; of plural forms some may leave the number unsaid."""
    ids = message.id if isinstance(message.id, list | tuple) else [message.id]
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    wanted = {name for one in ids for name in NAMED.findall(one)}
    named = [set(NAMED.findall(one)) for one in strings]
    return all(names <= wanted for names in named) and (len(strings) > 1 or named[0] == wanted)


def shown(key: Key) -> str:
    context, one = key
    words = one if isinstance(one, str) else " | ".join(one)
    return f"[{context}] {words!r}" if context else repr(words)


def update_catalogue(path: Path, *, language: str, wanted: dict[Key, Text]) -> tuple[int, int]:
    """Write the catalogue with exactly the wanted texts, keeping what is translated; gives (added, dropped)."""
    old = read_catalogue(path, language=language)
    known = {key_of_message(message): message for message in old if message.id}
    new = Catalog(
        locale=language, domain="django", project="Regulars", fuzzy=False, charset="utf-8",
        creation_date=old.creation_date, revision_date=old.revision_date,
        copyright_holder="the Regulars authors", msgid_bugs_address="", last_translator="", language_team="",
    )  # fmt: skip
    for key in sorted(wanted, key=lambda key: (str(key[1]), key[0] or "")):
        context, one = key
        before = known.get(key)
        new.add(
            one,
            before.string if before else None,
            # the file only: a number of a line would change with every other line
            locations=sorted({(place, None) for place, _ in wanted[key].places})[:3],
            flags=before.flags if before else (),
            user_comments=before.user_comments if before else (),
            context=context,
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=100, omit_header=False, include_lineno=False, ignore_obsolete=True)
    return len(wanted.keys() - known.keys()), len(known.keys() - wanted.keys())
