"""What is hard to show: long, hostile, of other scripts, huge. Made up, the same every time."""

from datetime import UTC, datetime
from typing import Final

NOW: Final = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
"""When it is where no desk says so."""

LONG: Final = (
    "Wilhelmina Konstantinopoulou-Featherstonehaugh de la Vega y Montenegro, who signs every letter"
    " with all her names and has never once been asked to leave a single one of them out"
)
UNBROKEN: Final = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
MARKUP: Final = "<img src=x><b>Quinn</b> & =1+1 {name} %s"
"""Where control characters are refused, as in a price list."""
HOSTILE: Final = "<img src=x><b>Quinn</b> & \u202egnp.exe\u202c zero\u200bwidth \x07%s {name} =1+1"
ARABIC: Final = "أميرة حداد، مصوّرة من بيروت"
JAPANESE: Final = "山田 花子・東京写真館"
THAI: Final = "สมหญิง ใจดี ช่างภาพ"
HUGE: Final = 987_654_321

SCRIPTS: Final = (ARABIC, JAPANESE, THAI)

PARAGRAPH: Final = " ".join(
    ["My credits went down although nothing came out of it, and nobody has told me why."] * 12
)
"""A message of the length that only angry people write."""
