"""Recipes of items: sealed, for who knows a recipe knows its items."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.core.wrapped import wrapped_key


class ItemRecipe(Base):
    """A recipe of its author's. Its code is the family of what is made of it: no two of them meet in a test."""

    __tablename__ = "item_recipe"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    subject: Mapped[str] = mapped_column(String(40))
    author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    n_made: Mapped[int] = mapped_column(default=0)
    data_key: Mapped[bytes] = wrapped_key("item_recipe:{code}")
    source_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int] = mapped_column()
    saved_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": revision}
