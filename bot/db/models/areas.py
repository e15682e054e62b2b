"""Areas of casework: streets and communities below the districts of `regions`, and their codes.

An area is named by the digits that count: province 21, city 2101, district 210106, street
210106007, community 210106007001. What begins with the code of an area lies in it.
"""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base

#: Codes compare by their bytes on every database, so that a prefix is a range of an index.
_CODE = String(12).with_variant(String(12, collation="C"), "postgresql")
AreaCode = Annotated[str, mapped_column(_CODE)]


class Locality(Base):
    """A street, town or township (level 4) or a community or village (level 5)."""

    __tablename__ = "localities"

    code: Mapped[AreaCode] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    level: Mapped[int]
    parent_code: Mapped[AreaCode] = mapped_column(index=True)
    """The district of a street, the street of a community."""
