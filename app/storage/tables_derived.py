"""The derived tables as typed classes, as ``tables`` has the others."""

from __future__ import annotations

from sqlmodel import SQLModel

from app.storage import tables as tables  # noqa: PLC0414 - what these refer to is declared there
from app.storage.columns import blob, text, whole


class Consumption(SQLModel, table=True):
    """Derived: what was used in a month, by feature and plan."""

    __tablename__ = "consumption"
    month: int = whole(key=True)
    feature: int = whole(to="feature.id", key=True)
    plan: int = whole(key=True)
    uses: int = whole()
    credits: int = whole()
    refused: int = whole()
    refunded: int = whole()


class Flow(SQLModel, table=True):
    """Derived: the credits that were given, used, returned or voided on a day."""

    __tablename__ = "flow"
    day: int = whole(key=True)
    kind: int = whole(key=True)
    part: int = whole(key=True)
    credits: int = whole()


class Outstanding(SQLModel, table=True):
    """Derived: what is unused of grants that expire with a day."""

    __tablename__ = "outstanding"
    day: int = whole(key=True)
    credits: int = whole()


class SearchText(SQLModel, table=True):
    """Derived: the folded texts by which a user is found."""

    __tablename__ = "search_text"
    user: int = whole(to="user.id", key=True)
    text: str = text()


class SearchGram(SQLModel, table=True):
    """Derived: roughly how many users have three letters in a row."""

    __tablename__ = "search_gram"
    gram: str = text(key=True)
    users: int = whole()


class MonthPack(SQLModel, table=True):
    """Derived: a past month as columns, and the last numbers it was made from."""

    __tablename__ = "month_pack"
    month: int = whole(key=True)
    charges: int = whole()
    grants: int = whole()
    refunds: int = whole()
    voids: int = whole()
    plans: int = whole()
    people: int = whole()
    content: bytes = blob()


class MonthUse(SQLModel, table=True):
    """Derived: what each user used of a feature in a month, as columns."""

    __tablename__ = "month_use"
    month: int = whole(key=True)
    feature: int = whole(to="feature.id", key=True)
    content: bytes = blob()


class MonthMix(SQLModel, table=True):
    """Derived: how many users of a month used which features together, and held which plans."""

    __tablename__ = "month_mix"
    month: int = whole(key=True)
    content: bytes = blob()


class MonthUseMark(SQLModel, table=True):
    """The last charge and refund that the two tables before were made from."""

    __tablename__ = "month_use_mark"
    id: int = whole(key=True)
    charges: int = whole()
    refunds: int = whole()
