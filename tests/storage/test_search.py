from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from app import Desk, open_desk
from app.domain.fragments import begins, folded, marked, matches, searchable, terms, words
from app.storage import search, search_index
from app.storage.engine import Session

NAMES = [
    "Amira Haddad",
    "Ben Ødegård",
    "Carla Núñez",
    "Łukasz Żółć",
    "Zoë Groß",
    "李小龍",
    "Ελένη Παπαδοπούλου",
    "O’Connor, Liam",
    "<img src=x><b>",
    "İpek Çelik",
]


@pytest.fixture(scope="module")
def filled() -> Iterator[Desk]:
    """Some 700 users with names and addresses of many kinds."""
    chance = random.Random(7)
    with open_desk(":memory:", staff="ana@pixpretty.example") as desk:
        with desk.office.database.writing() as session:
            session.run_many(
                "INSERT INTO user (id, user_id, email, name, referral_code, registered_at,"
                " recorded_at, plan) VALUES (?, ?, ?, ?, ?, 1, 1, 0)",
                [_user(number, chance) for number in range(1, 700)],
            )
            search_index.rebuild(session)
        yield desk


@pytest.fixture(params=[(0, 64), (10**9, 64), (40, 0)], ids=["one sign", "all", "none of short"])
def session(
    filled: Desk, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """Once with the rarest sign only, once with every one, once with none of short words."""
    look, group = request.param
    monkeypatch.setattr(search, "_LOOK", look)
    monkeypatch.setattr(search, "_MOST_GROUP", group)
    with filled.office.database.reading() as session:
        yield session


def _user(number: int, chance: random.Random) -> tuple[object, ...]:
    name = " ".join(chance.choice(NAMES).split()[:: chance.choice([1, -1])])
    mail = f"{chance.choice('abcxyz')}{chance.choice(['.', '_', '+', ''])}{number}@Example.com"
    code = f"PIX-{chance.randrange(36**4):X}" if chance.random() < 0.7 else None
    return number, f"usr_{number:05d}", mail, name, None if code is None else f"{code}{number}"


def plain_scan(session: Session, typed: str) -> list[int]:
    """What should be found, by looking at everybody."""
    asked = words(typed)
    rows = session.run("SELECT id, email, name, user_id, referral_code FROM user ORDER BY id")
    texts = {row[0]: searchable(row[1:]) for row in rows}
    found = [user for user, text in texts.items() if matches(text, asked)]
    first = [user for user in found if begins(texts[user], asked)]
    if len(asked) == 1:
        first.sort(key=lambda u: (min(t for t in terms(texts[u]) if t.startswith(asked[0])), u))
    begun = set(first)
    return first + [user for user in found if user not in begun]


@pytest.mark.parametrize(
    "typed",
    [
        *("a", "z", "ß", "李", "小龍", "q", "é", "ad", "dd", "x.", "@", "_0", "<b>", "pix-", "PIX"),
        *("amira", "AMIRA", "mira", "haddad amira", "had ami", "ødeg", "odegard", "nunez", "Núñ"),
        *("lukasz", "zolc", "gross", "groß", "παπα", "ipek", "celik", "o’connor", "liam connor"),
        *("usr_00042", "00042", "sr_000", "@example.com", "example", "b 1", "1 2 3", "a e i o"),
        *('"', "%", "_", "' OR 1", "*", "amira zzz", "zzz", "\u0301", "com\n", "haddad@", "ad am"),
    ],
)
def test_what_is_found_equals_a_plain_scan_in_the_same_order(session: Session, typed: str) -> None:
    expected = plain_scan(session, typed)
    if not words(typed):
        assert search.count(session, typed) == 699
        return

    assert search.find(session, typed, -1) == expected
    assert search.find(session, typed, 10, 5) == expected[5:15]
    assert search.count(session, typed) == len(expected)


def test_random_fragments_of_real_texts_are_found_as_by_a_plain_scan(session: Session) -> None:
    chance = random.Random(11)
    texts = [row[0] for row in session.run("SELECT text FROM search_text")]
    for _ in range(60):
        text = chance.choice(texts)
        cuts = [
            text[(at := chance.randrange(len(text))) : at + chance.randint(1, 6)]
            for _ in range(chance.randint(1, 3))
        ]
        typed = " ".join(cuts)
        if words(typed):
            assert search.find(session, typed, -1) == plain_scan(session, typed), repr(typed)


def test_a_corrected_user_is_found_by_the_new_and_no_longer_by_the_old(desk: Desk) -> None:
    desk.accounts.register("u1", email="old@example.com", name="Anna Berg")
    desk.accounts.correct("u1", email="new@example.com", name="Anna Dahl")

    assert [u.user_id for u in desk.accounts.find("dahl new@")] == ["u1"]
    assert desk.accounts.find("berg") == []
    assert desk.accounts.find("old@") == []
    with desk.office.database.reading() as session:
        assert list(search_index.unlike(session)) == []


def test_after_many_corrections_everybody_is_found_as_by_a_plain_scan(desk: Desk) -> None:
    chance = random.Random(13)
    for number in range(1, 61):
        _, user, mail, name, _ = _user(number, chance)
        desk.accounts.register(str(user), email=str(mail), name=str(name))
    for _ in range(120):
        number = chance.randrange(1, 61)
        _, user, mail, name, _ = _user(number, chance)
        desk.accounts.correct(str(user), email=str(mail), name=str(name))
    with desk.office.database.reading() as session:
        assert list(search_index.unlike(session)) == []
        for typed in ("am", "amira", "ha", "usr_0", "x", "b.1", "ødeg ben", "a b", "liam o", "zzz"):
            assert search.find(session, typed, -1) == plain_scan(session, typed), typed


@pytest.mark.parametrize("before", [0, 3, 600])
def test_who_comes_in_an_import_is_found_whether_few_or_many_were_there(
    desk: Desk, before: int
) -> None:
    chance = random.Random(17)
    users = [_user(number, chance) for number in range(1, 640)]
    sql = (
        "INSERT INTO user (id, user_id, email, name, referral_code, registered_at, recorded_at,"
        " plan) VALUES (?, ?, ?, ?, ?, 1, 1, 0)"
    )
    with desk.office.database.writing() as session:
        session.run_many(sql, users[:before])
        search_index.rebuild(session)
        session.run_many(sql, users[before:])
        search_index.index_new(session)
        assert list(search_index.unlike(session)) == []
        for typed in ("amira", "639", "x63", "ødeg", "had ami", "pix-", "@ex"):
            assert search.find(session, typed, -1) == plain_scan(session, typed), typed


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk(":memory:", staff="ana@pixpretty.example") as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "fold"),
    [
        ("Ødegård", "odegard"),
        ("Núñez  Ñ", "nunez n"),
        ("STRASSE straße", "strasse strasse"),
        ("İstanbul", "istanbul"),
        ("a\u200bb\x07c", "abc"),
        ("ﬁne", "fine"),
    ],
)
def test_case_accents_and_invisible_letters_do_not_matter(text: str, fold: str) -> None:
    assert folded(text) == fold


def test_matched_letters_are_marked_where_they_are_shown() -> None:
    assert marked("Ben Ødegård", "odeg ben") == [(0, 3), (4, 8)]
    assert marked("Groß", "ss") == [(3, 4)]
    assert marked("Amira", "zz") == []
