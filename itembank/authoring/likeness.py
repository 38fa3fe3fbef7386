"""Items that say nearly the same, found without opening any: each keeps a keyed sketch of its words.
A sketch is the least hashes of its runs of three words; without the secret key they tell of no word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, select

from itembank.authoring.models import ItemSketch, Manuscript
from itembank.items.models import Item
from server.core.work import Work

RUN = 3
WIDTH = 8
LEAST = 64  # hashes kept of a text: the share of common runs is then known to within some 0.06
ALIKE = 0.5
MOST = 10
TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Alike:
    """An item that shares `share` of its runs of words with the text; nothing of what it says."""

    code: str
    language: str
    share: float


def keep_sketches(work: Work, manuscript: Manuscript, texts: Mapping[str, Mapping[str, Any]]) -> None:
    """The manuscript can be found by what its texts, as `source` writes them, now say."""
    work.db.execute(delete(ItemSketch).where(ItemSketch.manuscript_id == manuscript.id))
    for language, text in texts.items():
        if least := _sketch(work, text):
            work.db.add(ItemSketch(manuscript_id=manuscript.id, language=language, least=least))


def is_kept(work: Work, family: str, language: str, text: Mapping[str, Any]) -> bool:
    """Whether an item of the family says exactly this already."""
    query = (
        select(ItemSketch.manuscript_id)
        .join(Manuscript, Manuscript.id == ItemSketch.manuscript_id)
        .join(Item, Item.id == Manuscript.item_id)
        .where(Item.family == family, ItemSketch.language == language, ItemSketch.least == _sketch(work, text))
    )
    return work.db.execute(query).first() is not None


def said(text: Mapping[str, Any]) -> str:
    """What one language of an item says: stem and options. Its passage is shared, so it says nothing of the item."""
    menus = [each for menu in text["menus"] for each in menu]
    return "\n".join([text["stem"], *text["options"], *text["prompts"], *menus])


def _sketch(work: Work, text: Mapping[str, Any]) -> bytes:
    """What is kept of one language of an item; nothing of one that says nothing."""
    return hashes(work, said(text))[:LEAST].astype("<u8").tobytes()


def hashes(work: Work, text: str) -> Hashes:
    """The keyed hashes of the runs of words in a text, each once, the least first."""
    tokens = TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())
    runs = {" ".join(tokens[at : at + RUN]) for at in range(max(1, len(tokens) - RUN + 1))} if tokens else set()
    macs = (work.vault.mac("likeness", run.encode("utf-8", "surrogatepass"))[:WIDTH] for run in runs)
    return np.sort(np.frombuffer(b"".join(macs), dtype="<u8").astype(np.uint64))


def alike(work: Work, manuscript: Manuscript) -> list[Alike]:
    """Other items of the subject that say nearly the same as this manuscript in some language, the most alike first."""
    subject = work.db.get_one(Item, manuscript.item_id).subject
    own = select(ItemSketch).where(ItemSketch.manuscript_id == manuscript.id)
    found: list[Alike] = []
    for sketch in work.db.execute(own).scalars().all():
        least = _read(sketch.least)
        others = _shelf(work, [subject], [sketch.language], besides=manuscript.item_id)
        near = others.in_common(least) >= ALIKE / 3
        shares = [_resemblance(least, others.sketch(at)) if near[at] else 0.0 for at in range(len(near))]
        found += others.best(shares)
    return _ordered(found)


def find(work: Work, text: str, subjects: Collection[str] = (), languages: Collection[str] = ()) -> list[Alike]:
    """Items of which most stands in a text of any length, such as one that was leaked; the surest first."""
    # Of the least hashes of an item as many are in the text as of all its runs, to within chance.
    shelf = _shelf(work, subjects, languages)
    return _ordered(shelf.best(shelf.in_common(hashes(work, text)).tolist()))


@dataclass(frozen=True)
class _Shelf:
    """Sketches side by side: whose they are, all their hashes in one row, and where each begins."""

    names: Sequence[tuple[str, str]]
    least: Hashes
    starts: npt.NDArray[np.int64]

    def sketch(self, at: int) -> Hashes:
        """One of them."""
        return self.least[self.starts[at] : self.starts[at + 1]]

    def in_common(self, with_: Hashes) -> npt.NDArray[np.float64]:
        """The share of each one's hashes that are among these."""
        if not self.names:
            return np.zeros(0)
        among = np.isin(self.least, with_).astype(np.float64)
        return np.add.reduceat(among, self.starts[:-1]) / np.diff(self.starts)

    def best(self, shares: Sequence[float]) -> list[Alike]:
        """Those that share enough."""
        pairs = zip(self.names, shares, strict=True)
        return [Alike(code, language, round(share, 2)) for (code, language), share in pairs if share >= ALIKE]


def _shelf(work: Work, subjects: Collection[str], languages: Collection[str], besides: int | None = None) -> _Shelf:
    query = (
        select(Item.code, ItemSketch.language, ItemSketch.least)
        .join(Manuscript, Manuscript.id == ItemSketch.manuscript_id)
        .join(Item, Item.id == Manuscript.item_id)
    )
    if subjects:
        query = query.where(Item.subject.in_(subjects))
    if languages:
        query = query.where(ItemSketch.language.in_(languages))
    if besides is not None:
        query = query.where(Item.id != besides)
    rows = work.db.execute(query).all()
    starts = np.cumsum([0, *(len(least) // WIDTH for _, _, least in rows)], dtype=np.int64)
    return _Shelf([(code, language) for code, language, _ in rows], _read(b"".join(row.least for row in rows)), starts)


def _resemblance(one: Hashes, other: Hashes) -> float:
    """The share of common runs among all runs of both, told from the least of them (Broder 1997, bottom-k)."""
    least = np.union1d(one, other)[:LEAST]
    return float((np.isin(least, one) & np.isin(least, other)).mean())


def _ordered(found: Iterable[Alike]) -> list[Alike]:
    """Each item once, in the language in which it is most alike."""
    best: dict[str, Alike] = {}
    for each in sorted(found, key=lambda each: (-each.share, each.code)):
        best.setdefault(each.code, each)
    return list(best.values())[:MOST]


def _read(least: bytes) -> Hashes:
    return np.frombuffer(least, dtype="<u8").astype(np.uint64)
