"""FrozenPlan: a pretest plan opened and proved unchanged, with all that delivery and scoring need of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from itembank.items.content import ItemContent, canonical
from itembank.items.models import Item, ItemVersion, KeyVersion
from itembank.items.service import open_version, read
from itembank.pretests.models import PretestItem, PretestPlan
from itembank.pretests.places import CHOICES, Kin, Layout
from server.core.errors import NotFound
from server.core.vault import Tampered, Vault, digest
from server.core.work import Work

SEAL = 16


@dataclass(frozen=True)
class Tried:
    """One item of a plan with its opened content and key."""

    row: PretestItem
    code: str
    content: bytes
    key: bytes

    def facts(self) -> dict[str, Any]:
        """All that the digest covers of this item."""
        row = self.row
        return {
            "position": row.position, "code": self.code, "item_version_id": row.item_version_id,
            "key_version_id": row.key_version_id, "content": digest(self.content), "key": digest(self.key),
            "tier": row.tier, "area": row.area, "family": row.family, "passage": row.passage, "b_guess": row.b_guess,
        }  # fmt: skip

    def seal(self, vault: Vault) -> str:
        """A keyed digest by which a changed item is found among the others."""
        return vault.mac("pretest item", canonical(self.facts()))[:SEAL].hex()


@dataclass(frozen=True, eq=False)
class FrozenPlan:
    """A plan as it was made; position i of every column is its i-th item."""

    id: int
    pool_id: int
    digest: str
    per_candidate: int
    layout: Layout
    is_near: bool
    needed: Mapping[str, int]
    codes: tuple[str, ...]
    item_version_ids: tuple[int, ...]
    key_version_ids: tuple[int, ...]
    contents: tuple[ItemContent, ...]
    keys: tuple[dict[str, Any], ...]
    tiers: tuple[str, ...]
    kin: tuple[Kin, ...]
    guesses: tuple[float, ...]

    @property
    def n_offered(self) -> int:
        """How many items a candidate's are taken from."""
        return self.per_candidate * (CHOICES if self.is_near else 1)


def load_plan(work: Work, plan_id: int) -> FrozenPlan:
    """The plan, decrypted and equal to what was digested; Tampered names the item that is not."""
    plan = work.db.get(PretestPlan, plan_id)
    if plan is None:
        raise NotFound("not_found")
    tried = _opened(work, plan)
    for each, seal in zip(tried, plan.proof["seals"], strict=False):
        if each.seal(work.vault) != seal:
            raise Tampered(f"pretest_plan:{plan.id}: {each.code} is not as it was planned")
    if plan_digest(plan, tried) != plan.digest:
        raise Tampered(f"pretest_plan:{plan.id} is not what was planned: its figures or its list were changed")
    work.record("pretest_plan_opened", f"pretest_plan:{plan.id}", clause="DC-7", n_items=len(tried))
    rows = [each.row for each in tried]
    return FrozenPlan(
        plan.id, plan.pool_id, plan.digest, plan.per_candidate, Layout(plan.first, plan.last, plan.apart),
        plan.is_near, plan.needed, tuple(each.code for each in tried), tuple(row.item_version_id for row in rows),
        tuple(row.key_version_id for row in rows), tuple(ItemContent(read(each.content)) for each in tried),
        tuple(read(each.key) for each in tried), tuple(row.tier for row in rows),
        tuple(Kin(row.family, row.passage) for row in rows), tuple(row.b_guess for row in rows),
    )  # fmt: skip


def plan_digest(plan: PretestPlan, tried: Sequence[Tried]) -> str:
    """SHA-256 over everything the plan fixes."""
    whole = {
        "format": 1, "pool_id": plan.pool_id, "subject": plan.subject, "per_candidate": plan.per_candidate,
        "first": plan.first, "last": plan.last, "apart": plan.apart, "is_near": plan.is_near,
        "needed": plan.needed, "ruling": plan.proof["ruling"], "items": [each.facts() for each in tried],
    }  # fmt: skip
    return digest(canonical(whole))


def _opened(work: Work, plan: PretestPlan) -> list[Tried]:
    rows = work.db.execute(
        select(PretestItem, ItemVersion, KeyVersion, Item.code)
        .join(ItemVersion, ItemVersion.id == PretestItem.item_version_id)
        .join(KeyVersion, KeyVersion.id == PretestItem.key_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(PretestItem.plan_id == plan.id)
        .order_by(PretestItem.position)
    )
    return [Tried(row, code, *open_version(work, version, key)) for row, version, key, code in rows]
