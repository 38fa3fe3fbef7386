"""Blueprints and the pools published from them: frozen, digested, proved feasible."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Blueprint(Base):
    """The approved structure of a subject's test (DC-5): length, tier and area quotas, selection rule."""

    __tablename__ = "blueprint"
    __table_args__ = (UniqueConstraint("subject", "version"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    spec: Mapped[dict[str, Any]]
    approved_by: Mapped[str] = mapped_column(String(200))
    approved_order: Mapped[str] = mapped_column(String(60))
    approved_at: Mapped[datetime]


class Pool(Base):
    """A frozen adaptive set: its items, keys, parameters, reference form and the digest over all of it.

    `sigma` is the calibration's sd of speed, where response times were calibrated."""

    __tablename__ = "pool"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    blueprint_id: Mapped[int] = mapped_column(ForeignKey("blueprint.id"))
    calibration_run_id: Mapped[int] = mapped_column(ForeignKey("calibration_run.id"))
    subject: Mapped[str] = mapped_column(String(40))
    languages: Mapped[list[Any]]
    sigma: Mapped[float | None]
    digest: Mapped[str] = mapped_column(String(64))
    proof: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(60))


class PoolItem(Base):
    """One item of a pool, at the index by which steps name it; parameters are copied, so nothing moves.

    `alpha` and `beta` are those of its response time, where calibrated."""

    __tablename__ = "pool_item"
    __table_args__ = (UniqueConstraint("pool_id", "position"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    key_version_id: Mapped[int] = mapped_column(ForeignKey("key_version.id"))
    a: Mapped[float]
    b: Mapped[float]
    c: Mapped[float]
    alpha: Mapped[float | None]
    beta: Mapped[float | None]
    tier: Mapped[str] = mapped_column(String(10))
    area: Mapped[str] = mapped_column(String(40))
    family: Mapped[str | None] = mapped_column(String(40))
    passage: Mapped[str | None] = mapped_column(String(40))
    is_reference: Mapped[bool]


class PoolWritten(Base):
    """One written task of a pool, in the order in which every candidate gets them after the adaptive part."""

    __tablename__ = "pool_written"
    __table_args__ = (UniqueConstraint("pool_id", "position"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    key_version_id: Mapped[int] = mapped_column(ForeignKey("key_version.id"))
    tier: Mapped[str] = mapped_column(String(10))
    area: Mapped[str] = mapped_column(String(40))
