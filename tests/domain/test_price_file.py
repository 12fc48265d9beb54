"""``pricing.json``: what is read, what is refused, and that writing gives the same bytes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import shipped
from app.domain import price_file
from app.domain.errors import PriceListInvalid
from app.domain.policy import Bonus, Policy, Reason, SupportPolicy, TopUpPolicy
from app.domain.prices import Feature, FreeAction, PriceList
from app.domain.users import PLANS

GENERATION = "Text/Image To Image Generation"
PUBLISHED = [
    ("remove_bg_single", "Single Photo Background Remover", "RemoveBG", 1),
    ("remove_bg_batch", "Batch Photo Background Remover", "Batch Editor RemoveBG", 1),
    ("object_remover", "AI Object Remover", "Remover Object", 1),
    ("image_extender", "AI Image Extender", "AI Expand Image", 12),
    ("image_describer", "AI Image Describer", "AI Image Describe", 1),
    ("ghostface", "AI Ghostface Generator", "Ghost Face Generation", 4),
    ("action_figure", "AI Action Figure Generator", "Figure Generation", 4),
    ("clothes_changer", "AI Clothes Changer", "Change Clothes", 4),
    ("nano_banana_1k", "AI Image Generator (Nano Banana, 1K)", GENERATION, 6),
    ("nano_banana_2_1k", "AI Image Generator (Nano Banana 2, 1K)", GENERATION, 12),
    ("nano_banana_2_2k", "AI Image Generator (Nano Banana 2, 2K)", GENERATION, 18),
    ("nano_banana_2_4k", "AI Image Generator (Nano Banana 2, 4K)", GENERATION, 24),
    ("nano_banana_pro_1k", "AI Image Generator (Nano Banana Pro, 1K)", GENERATION, 24),
    ("nano_banana_pro_2k", "AI Image Generator (Nano Banana Pro, 2K)", GENERATION, 36),
    ("nano_banana_pro_4k", "AI Image Generator (Nano Banana Pro, 4K)", GENERATION, 48),
    ("qwen_image_4k", "AI Image Generator (Qwen Image 2.0, 4K)", GENERATION, 6),
    ("qwen_image_pro_4k", "AI Image Generator (Qwen Image 2.0 Pro, 4K)", GENERATION, 18),
]


def published() -> bytes:
    return shipped.path("pricing.json").read_bytes()


def schema() -> Any:
    return json.loads(shipped.path("resources/pricing.schema.json").read_text("utf-8"))


def changed(change: Callable[[Any], object]) -> bytes:
    """The shipped list after ``change`` was done to its document."""
    content = copy.deepcopy(json.loads(published()))
    change(content)
    return json.dumps(content).encode()


def put(*path: str | int, value: object) -> Callable[[Any], object]:
    def change(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        content[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[Any], object]:
    def change(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        del content[path[-1]]

    return change


def test_the_shipped_list_has_the_features_and_prices_as_published() -> None:
    features = price_file.parse(published()).features
    assert [(f.key, f.name, f.description, f.credits) for f in features] == PUBLISHED


def test_the_shipped_policy_has_the_figures_as_published() -> None:
    prices = price_file.parse(published())
    policy = prices.policy
    assert [action.key for action in prices.free_actions] == ["export_image"]
    assert policy.timezone == "UTC"
    assert policy.plans == {"free": 0, "plus": 200, "pro": 1000}
    assert policy.signup == policy.referral == Bonus(12, "P1Y")
    assert (policy.support.limit_per_grant, policy.support.limit_per_day) == (100, 500)
    assert policy.support.default_validity == "P1Y"
    assert policy.top_up == TopUpPolicy(enabled=False, plans=("plus", "pro"), valid="P1Y")


def test_the_shipped_list_agrees_with_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(published()), schema())


def test_the_shipped_list_is_written_as_it_was_read() -> None:
    assert price_file.write(price_file.parse(published())) == published()


def test_a_byte_order_mark_is_no_fault() -> None:
    assert price_file.parse(b"\xef\xbb\xbf" + published()) == price_file.parse(published())


FAULTS: list[tuple[Callable[[Any], object], str, str]] = [
    (put("features", 3, "credits", value=0), "features[3].credits", "is 0,"),
    (put("features", 3, "credits", value=-4), "features[3].credits", "is -4,"),
    (put("features", 3, "credits", value=10_001), "features[3].credits", "is 10001,"),
    (put("features", 3, "credits", value=10**12), "features[3].credits", "is 1000000000000,"),
    (put("features", 3, "credits", value=1.5), "features[3].credits", "is 1.5,"),
    (put("features", 3, "credits", value=1.0), "features[3].credits", "is 1.0,"),
    (put("features", 3, "credits", value=True), "features[3].credits", "is true,"),
    (put("features", 3, "credits", value=None), "features[3].credits", "is null,"),
    (put("features", 3, "credits", value="12"), "features[3].credits", "is “12”,"),
    (put("features", 3, "credits", value=[1]), "features[3].credits", "is a list of 1,"),
    (put("features", 3, "creditz", value=1), "features[3].creditz", "is not known"),
    (drop("features", 3, "credits"), "features[3].credits", "is missing"),
    (put("features", 3, "name", value=""), "features[3].name", "is empty"),
    (put("features", 3, "name", value="x" * 121), "features[3].name", "has 121 characters"),
    (put("features", 3, "name", value=" x"), "features[3].name", "blanks"),
    (put("features", 3, "name", value="a\x00b"), "features[3].name", "\\u0000"),
    (put("features", 3, "name", value="a\nb"), "features[3].name", "cannot be shown"),
    (put("features", 3, "name", value="\ud800"), "features[3].name", "\\ud800"),
    (put("features", 3, "key", value="Nano Banana"), "features[3].key", "“Nano Banana”"),
    (put("features", 3, "key", value="n" * 61), "features[3].key", "has 61 characters"),
    (put("features", 3, "key", value="object_remover"), "features[3].key", "“object_remover”"),
    (put("features", 3, value=7), "features[3]", "is 7, not an object"),
    (put("features", value=[]), "features", "has 0 entries"),
    (put("features", value={}), "features", "not a list"),
    (put("free_actions", 0, "key", value="ghostface"), "free_actions[0].key", "“ghostface”"),
    (put("free_actions", 0, "credits", value=0), "free_actions[0].credits", "is not known"),
    (put("timezone", value="Mars/Olympus"), "timezone", "“Mars/Olympus”"),
    (put("timezone", value="../../etc/passwd"), "timezone", "“../../etc/passwd”"),
    (put("timezone", value="America"), "timezone", "“America”"),
    (drop("plans", "pro"), "plans.pro", "is missing"),
    (put("plans", "gold", value={"monthly_credits": 1}), "plans.gold", "is not known"),
    (put("plans", "pro", "monthly_credits", value=-1), "plans.pro.monthly_credits", "is -1,"),
    (put("bonuses", "signup", "credits", value=0), "bonuses.signup.credits", "is 0,"),
    (put("bonuses", "signup", "valid", value="P1M"), "bonuses.signup.valid", "“P1M”"),
    (put("bonuses", "signup", "valid", value="P11Y"), "bonuses.signup.valid", "“P11Y”"),
    (put("bonuses", "signup", "valid", value=365), "bonuses.signup.valid", "is 365,"),
    (put("support", "default_validity", value="P2Y"), "support.default_validity", "“P2Y”"),
    (put("support", "limit_per_day", value=10**7), "support.limit_per_day", "is 10000000,"),
    (put("support", "reasons", value=[]), "support.reasons", "has 0 entries"),
    (put("support", "reasons", 1, "key", value="other"), "support.reasons[8].key", "“other”"),
    (put("top_up", "enabled", value=0), "top_up.enabled", "is 0, not true or false"),
    (put("top_up", "plans", 0, value="pro"), "top_up.plans[1]", "“pro”"),
    (put("top_up", "plans", 0, value="gold"), "top_up.plans[0]", "“gold”"),
    (put("currency", value="EUR"), "currency", "is not known"),
    (drop("version_note"), "version_note", "is missing"),
]


@pytest.mark.parametrize(("change", "place", "words"), FAULTS)
def test_a_fault_is_refused_with_its_place_and_value(
    change: Callable[[Any], object], place: str, words: str
) -> None:
    with pytest.raises(PriceListInvalid) as caught:
        price_file.parse(changed(change))
    assert caught.value.place == place
    assert str(caught.value).startswith(place)
    assert words in str(caught.value)


# Keys that two entries share, and whether a zone exists, a schema cannot say; 1.0 is an integer
# to it, and its patterns know no lone surrogates.
NOT_IN_A_SCHEMA = (
    "“object_remover”",
    "“ghostface”",
    "“Mars/Olympus”",
    "“America”",
    "“other”",
    "is 1.0,",
    "\\ud800",
)


@pytest.mark.parametrize(
    "change", [change for change, _, words in FAULTS if words not in NOT_IN_A_SCHEMA]
)
def test_the_schema_refuses_what_a_schema_can_say(change: Callable[[Any], object]) -> None:
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(json.loads(changed(change))))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"{", "line 1, column 2"),
        (b"features: []", "not JSON"),
        (b"[]", "is a list of none, not an object"),
        (b"null", "is null, not an object"),
        (b"\xff\xfe{", "not a text in UTF-8: byte 0"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 150_000, "nested too deeply"),
        (b" " * 50_000_000, "has more than 1,000,000 bytes"),
        (b'{"timezone": "UTC", "timezone": "UTC"}', "timezone is there twice"),
        (b'{"features\\u0000": 1}', "features\\u0000 is not known"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_what_is_no_price_list_at_all_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(PriceListInvalid) as caught:
        price_file.parse(content)
    assert words in str(caught.value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e3", "9" * 5_000])
def test_a_number_that_is_none_is_named_where_it_stands(number: str) -> None:
    content = published().replace(b'"credits": 12\n', f'"credits": {number}\n'.encode(), 1)
    with pytest.raises(PriceListInvalid) as caught:
        price_file.parse(content)
    assert caught.value.place == "features[3].credits"
    assert number[:50] in str(caught.value)
    assert len(str(caught.value)) < 200


def test_a_key_named_twice_is_refused_wherever_it_stands() -> None:
    content = published().replace(b'"credits": 12\n', b'"credits": 12, "credits": 1\n', 1)
    with pytest.raises(PriceListInvalid, match="credits is there twice") as caught:
        price_file.parse(content)
    assert caught.value.place == "features[3].credits"


def test_a_list_put_together_in_code_passes_the_same_gate() -> None:
    prices = price_file.parse(published())
    assert price_file.checked(prices) == prices
    free = replace(prices.features[0], credits=0)
    with pytest.raises(PriceListInvalid, match=r"features\[0\].credits is 0"):
        price_file.checked(replace(prices, features=(free,)))
    odd = replace(prices.features[0], credits={1, 2})  # type: ignore[arg-type]
    with pytest.raises(PriceListInvalid, match="a file cannot"):
        price_file.checked(replace(prices, features=(odd,)))


def test_a_dictionary_in_the_shape_of_a_file_will_do() -> None:
    content = json.loads(published())
    assert price_file.checked(content) == price_file.parse(published())
    content["features"][0]["credits"] = float("nan")
    with pytest.raises(PriceListInvalid, match=r"features\[0\].credits is NaN"):
        price_file.checked(content)
    content["features"] = content
    for wrong in (content, None, "{}", 3, {1: 2}, {"features": {1}}):
        with pytest.raises(PriceListInvalid):
            price_file.checked(wrong)  # type: ignore[arg-type]


def test_plans_are_written_from_the_smallest_to_the_largest() -> None:
    prices = price_file.parse(published())
    turned = dict(reversed(prices.policy.plans.items()))
    assert price_file.write(replace(prices, policy=replace(prices.policy, plans=turned))) == (
        published()
    )


KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,59}", fullmatch=True)
WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60
).filter(lambda text: text == text.strip())
VALIDITIES = st.sampled_from(["P1Y", "P30D", "P365D", "month_end"])
CREDITS = st.integers(1, 1_000_000)
BONUSES = st.builds(Bonus, CREDITS, VALIDITIES)


@st.composite
def price_lists(draw: st.DrawFn) -> PriceList:
    keys = draw(st.lists(KEYS, min_size=2, max_size=8, unique=True))
    prices = st.integers(1, 10_000)
    features = tuple(
        Feature(key, draw(WORDS), draw(st.just("") | WORDS), draw(WORDS), draw(prices))
        for key in keys[1:]
    )
    reasons = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
    limits = st.integers(0, 1_000_000)
    policy = Policy(
        timezone=draw(st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"])),
        plans={plan: draw(limits) for plan in PLANS},
        signup=draw(BONUSES),
        referral=draw(BONUSES),
        support=SupportPolicy(
            draw(limits),
            draw(limits),
            draw(VALIDITIES),
            tuple(Reason(key, draw(WORDS)) for key in reasons),
        ),
        top_up=TopUpPolicy(
            draw(st.booleans()),
            tuple(draw(st.lists(st.sampled_from(PLANS), unique=True))),
            draw(VALIDITIES),
        ),
    )
    return PriceList(draw(st.just("") | WORDS), features, (FreeAction(keys[0], "Free"),), policy)


@given(price_lists())
def test_whatever_list_is_written_is_read_back_the_same(prices: PriceList) -> None:
    written = price_file.write(prices)
    assert price_file.parse(written) == prices
    assert price_file.write(price_file.parse(written)) == written
    jsonschema.validate(json.loads(written), schema())


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_content_brings_the_reader_down(content: bytes | str) -> None:
    with pytest.raises(PriceListInvalid):
        price_file.parse(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.data())
def test_a_wrong_value_anywhere_is_refused_at_that_place_or_below(data: st.DataObject) -> None:
    content: Any = json.loads(published())
    holder, path = content, ""
    while isinstance(holder, dict | list):
        steps = list(holder) if isinstance(holder, dict) else range(len(holder))
        step = data.draw(st.sampled_from(list(steps)))
        above = path
        path = f"{path}[{step}]" if isinstance(step, int) else f"{path}.{step}".lstrip(".")
        parent, holder = holder, holder[step]
        if data.draw(st.booleans()):
            break
    parent[step] = data.draw(JSON)
    kept = None
    refused = PriceListInvalid("nothing was refused", place=above)
    try:
        kept = price_file.write(price_file.parse(json.dumps(content)))
    except PriceListInvalid as error:
        refused = error
    assert refused.place.startswith(above)
    assert kept is None or json.loads(kept) == content
