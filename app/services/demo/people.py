"""The made-up people of the demo: names of many places, and how a mail address spells them."""

from __future__ import annotations

from random import Random

# Given names and family names of a place, each as written and as spelled in an address.
_PLACES: tuple[tuple[str, str], ...] = (
    (
        "Ben,Carla,Eva,Felix,Gina,Hugo,Ines,Jan,Liam,Mona,Nils,Olga,Pete,Rosa,Tom,Vera",
        "Baumann,Carvalho,Lindqvist,Rossi,Martin,Berg,Novak,Wood,Keller,Moreau,Costa,Adler",
    ),
    (
        (
            "Zoë:zoe,José:jose,Søren:soren,Łucja:lucja,Chloé:chloe,Jürgen:juergen,Ágnes:agnes,"
            "Bjørn:bjorn,Nuño:nuno,Şule:sule,Đorđe:djordje,Siobhán:siobhan"
        ),
        (
            "Núñez:nunez,Ødegård:odegard,Müller:mueller,Kovács:kovacs,Dvořák:dvorak,Yılmaz:yilmaz,"
            "Wiśniewska:wisniewska,O’Connor:oconnor,Ibáñez:ibanez,Häkkinen:hakkinen"
        ),
    ),
    (
        "Amara,Kwame,Ngozi,Thabo,Zanele,Tariq,Fatou,Chidi,Wanjiru,Sipho",
        "Okafor,Mensah,Dlamini,Diallo,Mwangi,Nkosi,Adeyemi,Traoré:traore,Abebe",
    ),
    (
        "Priyanka,Arjun,Ananya,Rahul,Meera,Vikram,Lakshmi,Sanjay",
        "Rao,Iyer,Sharma,Banerjee,Kapoor,Menon,Reddy,Gupta",
    ),
    (
        "健二:kenji,美咲:misaki,翔太:shota,陽子:yoko,大輔:daisuke",
        "田中:tanaka,佐藤:sato,鈴木:suzuki,高橋:takahashi,渡辺:watanabe",
    ),
    ("伟:wei,芳:fang,静:jing,磊:lei,敏:min", "王:wang,李:li,张:zhang,刘:liu,陈:chen,杨:yang"),
    ("민준:minjun,서연:seoyeon,지훈:jihoon,하은:haeun", "김:kim,이:lee,박:park,최:choi,정:jung"),
    (
        "Дмитрий:dmitri,Ольга:olga,Анна:anna,Сергей:sergei,Наталья:natalia",
        "Волков:volkov,Соколов:sokolov,Кузнецов:kuznetsov,Мороз:moroz,Шевченко:shevchenko",
    ),
    (
        "أميرة:amira,يوسف:youssef,ليلى:layla,عمر:omar,نور:noor",
        "حداد:haddad,الفارسي:alfarsi,منصور:mansour,خليل:khalil",
    ),
    ("נועה:noa,יואב:yoav,תמר:tamar,איתן:eitan", "לוי:levi,כהן:cohen,פרץ:peretz,מזרחי:mizrahi"),
    ("Ελένη:eleni,Γιώργος:giorgos,Μαρία:maria", "Παππάς:pappas,Νικολάου:nikolaou,Βλάχος:vlachos"),
    ("สมชาย:somchai,มาลี:malee,นิรันดร์:niran", "ใจดี:jaidee,ศรีสุข:srisuk,วงศ์:wong"),
    (
        "Linh,Minh,Hương:huong,Đức:duc,Trang",
        "Nguyễn:nguyen,Trần:tran,Phạm:pham,Lê:le,Võ:vo",
    ),
    (
        "Camila,Mateo,Valentina,Santiago,Lucía:lucia,Joaquín:joaquin,Beatriz,João:joao",
        "Fernández:fernandez,Silva,González:gonzalez,Souza,Rojas,Pereira,Vargas",
    ),
)
_WEIGHTS = (24, 14, 9, 10, 6, 7, 4, 6, 5, 3, 3, 2, 4, 12)
_FAMILY_FIRST = frozenset({4, 5, 6})
_HOSTS = ("example.com", "example.org", "example.net", "mail.example", "studio.example")

_Spelled = tuple[str, str]


def _spelled(text: str) -> tuple[_Spelled, ...]:
    pairs = (name.partition(":") for name in text.split(","))
    return tuple((name, ascii_name or name.lower()) for name, _, ascii_name in pairs)


_NAMES = tuple((_spelled(given), _spelled(family)) for given, family in _PLACES)


def somebody(random: Random, number: int) -> tuple[str, str]:
    """A name and a mail address; ``number`` makes the address one of a kind."""
    place = random.choices(range(len(_NAMES)), _WEIGHTS)[0]
    given, family = (random.choice(names) for names in _NAMES[place])
    name = f"{family[0]} {given[0]}" if place in _FAMILY_FIRST else f"{given[0]} {family[0]}"
    host = random.choice(_HOSTS)
    return name, f"{given[1]}.{family[1]}{number}@{host}"
