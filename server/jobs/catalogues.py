"""The gettext catalogues: one for each language, serving Python, the templates and the browser.

`extract` gathers the sentences, `compile` writes what the browser needs, `check` finds what is amiss.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from server.core.i18n import LOCALE

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "client_web" / "src"
SOURCES = ("server", "itembank", "proctor")
LANGUAGES = ("ky", "ru")
TEMPLATES = {".html", ".txt"}
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}

# In CLDR's names, in the order of gettext's forms: what Intl.PluralRules says in the browser.
PLURALS = {
    "ky": ("nplurals=2; plural=(n != 1);", ("one", "other")),
    "ru": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
        ("one", "few", "many"),
    ),
}

Ids = str | tuple[str, str]
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
SENTENCE = rf"(?:{LITERAL}(?:\s*\+\s*{LITERAL})*)"
CLIENT_CALL = re.compile(rf"(?<![\w.])(?:_\(\s*({SENTENCE})|ngettext\(\s*({SENTENCE})\s*,\s*({SENTENCE}))")
ANY_CLIENT_CALL = re.compile(r"(?<![\w.])(?:_|ngettext)\((?=\s*[\"'`\w])")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True)
class Found:
    """A sentence and the file it stands in."""

    ids: Ids
    file: str


def client_sentences(text: str, file: str) -> Iterator[Found]:
    """The sentences of one TypeScript file. A call without a plain literal is an error: it would be lost."""
    calls = list(CLIENT_CALL.finditer(text))
    known = {call.start() for call in calls}
    for other in ANY_CLIENT_CALL.finditer(text):
        before = text[max(0, other.start() - 9) : other.start()]
        if other.start() not in known and not before.endswith("function "):
            line = text.count("\n", 0, other.start()) + 1
            raise ValueError(f"{file}:{line}: only a double-quoted literal can be translated")
    for call in calls:
        one, singular, plural = call.groups()
        yield Found(joined(one) if one else (joined(singular), joined(plural)), file)


def joined(literals: str) -> str:
    return "".join(json.loads(part) for part in re.findall(LITERAL, literals))


def server_sentences(path: Path, file: str) -> Iterator[Found]:
    is_template = path.suffix in TEMPLATES
    method = "jinja2.ext:babel_extract" if is_template else "python"
    options = {"trimmed": "true", "silent": "false"} if is_template else {}
    for _line, ids, _said, _context in extract_from_file(method, path, keywords=KEYWORDS, options=options):
        if isinstance(ids, tuple):
            yield Found((ids[0], ids[1]), file)
        else:
            yield Found(ids, file)


def client_files() -> list[Path]:
    return sorted(path for path in CLIENT.rglob("*.ts*") if path.suffix in {".ts", ".tsx"})


def server_files() -> list[Path]:
    found = [path for folder in SOURCES for path in (ROOT / folder).rglob("*")]
    templates = [path for path in found if path.suffix in TEMPLATES and "templates" in path.parts]
    return sorted(templates + [path for path in found if path.suffix == ".py"])


def client_found() -> Iterator[Found]:
    for path in client_files():
        yield from client_sentences(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())


def all_found() -> Iterator[Found]:
    for path in server_files():
        yield from server_sentences(path, path.relative_to(ROOT).as_posix())
    yield from client_found()


def template(found: Iterable[Found]) -> Catalog:
    """An untranslated catalogue of what was found: sorted, with the files but no lines, to change seldom."""
    files: dict[str, set[str]] = {}
    ids: dict[str, Ids] = {}
    for one in found:
        key = one.ids if isinstance(one.ids, str) else one.ids[0]
        files.setdefault(key, set()).add(one.file)
        if key not in ids or isinstance(one.ids, tuple):
            ids[key] = one.ids
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    for key in sorted(ids):
        places = [(file, 0) for file in sorted(files[key])]
        catalogue.add(ids[key], locations=places, flags=flags(key))
    return catalogue


def flags(sentence: str) -> set[str]:
    return {"python-format"} if PLACEHOLDER.search(sentence) else set()


def load(language: str) -> Catalog:
    path = LOCALE / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def updated(language: str, wanted: Catalog) -> Catalog:
    """What is wanted with the translations there are. One no longer wanted is set aside, none is guessed."""
    old = load(language)
    before = {key_of(message): message for message in (*old.obsolete.values(), *old) if message.id}
    made = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in wanted:
        if message.id:
            text = kept(before.pop(key_of(message), None), message)
            made.add(message.id, text, locations=message.locations, flags=message.flags)
    for key in sorted(before):
        if any(forms_of(before[key])):
            made.obsolete[key] = Message(before[key].id, before[key].string)
    return made


def key_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms_of(message: Message | None) -> list[str]:
    """The translation's forms, empty where it has none."""
    if message is None or not message.string:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string)


def kept(before: Message | None, now: Message) -> Any:
    """The translation there was, unless it was counted and is not now, or the other way."""
    return before.string if before and isinstance(before.id, str) == isinstance(now.id, str) else ""


def save(language: str, catalogue: Catalog) -> None:
    """Written without dates or tools' names, so that only sentences make a difference."""
    body = BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, sort_output=False, include_lineno=False)
    head = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {language}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {PLURALS[language][0]}\\n"',
    ]
    LOCALE.mkdir(parents=True, exist_ok=True)
    text = "\n".join(head) + "\n\n" + body.getvalue().decode("utf-8").strip() + "\n"
    (LOCALE / f"{language}.po").write_text(text, encoding="utf-8")


def extract() -> int:
    wanted = template(all_found())
    for language in LANGUAGES:
        save(language, updated(language, wanted))
    return 0


def compile_client() -> int:
    """Writes for each language what the browser uses, and no sentence more."""
    used = template(client_found())
    target = CLIENT / "locale"
    target.mkdir(exist_ok=True)
    for language in LANGUAGES:
        texts = client_texts(language, load(language), used)
        body = json.dumps(texts, ensure_ascii=False, sort_keys=True, indent=0)
        (target / f"{language}.json").write_text(body + "\n", encoding="utf-8")
    return 0


def client_texts(language: str, known: Catalog, used: Catalog) -> dict[str, str | dict[str, str]]:
    texts: dict[str, str | dict[str, str]] = {}
    for message in used:
        key = key_of(message)
        entry = known.get(key) if key else None
        forms = forms_of(entry)
        if entry is None or entry.fuzzy or not forms or not all(forms):
            continue
        if isinstance(entry.id, str):
            texts[key] = forms[0]
        else:
            texts[key] = dict(zip(PLURALS[language][1], forms, strict=True)) | {"other": forms[-1]}
    return texts


def faults(language: str, catalogue: Catalog, wanted: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, a line each."""
    name = Locale.parse(language).english_name
    for message in wanted:
        key = key_of(message)
        if not key:
            continue
        entry = catalogue.get(key)
        forms = forms_of(entry)
        if not entry or not forms or not all(forms):
            yield f"{name}: not translated: {key!r}"
            continue
        if entry.fuzzy:
            yield f"{name}: fuzzy: {key!r}"
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wants = set().union(*(PLACEHOLDER.findall(one) for one in ids))
        # A form for one may say "one" in words, so `n` alone may be missing there.
        optional = {"n"} if len(forms) > 1 else set()
        for form in forms:
            if not wants - optional <= set(PLACEHOLDER.findall(form)) <= wants:
                yield f"{name}: other placeholders: {key!r} -> {form!r}"


def check() -> int:
    wanted = template(all_found())
    wrong = [fault for language in LANGUAGES for fault in faults(language, load(language), wanted)]
    for fault in wrong:
        print(fault, file=sys.stderr)
    return 1 if wrong else 0


ACTS = {"extract": extract, "compile": compile_client, "check": check}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=sorted(ACTS))
    return ACTS[parser.parse_args(argv).act]()


if __name__ == "__main__":
    raise SystemExit(main())
