"""Tells which sentences speak of somebody named before them, and so begin no summary. Pure.

Only he, she and they at a sentence's beginning, and as those who said what it tells: "The bridge is safe, he said."
"""

from __future__ import annotations

import re

_BEGINS = re.compile(
    r"(?:(?:He|She|They|His|Their|Er|Ils|Elles|Él|Ella|Ellos|Ellas|Lui|Egli|Ele|Ela|Eles|Elas|Он|Она|Они|Він|Вона|Вони"
    r"|(?:Sie|Il|Elle) (?:a |sagte|erklärte|fügte|betonte|dit |ajoute|affirme|estime)"
    r"|उन्होंने|उसने|وی)(?!\w)"
    r"|(?:他|她)们?(?:还|也)?(?:说|表示|称|指出|强调|补充)|(?:他|她)們?(?:還|也)?(?:說|表示|稱|指出|強調|補充)"
    r"|(?:彼|彼女|彼ら)は|그(?:녀|들)?는 |(?:เขา|เธอ|พวกเขา)(?:กล่าว|ระบุ|บอก)"
    r"|و?(?:قال|قالت|أضاف|أضافت|تابع|تابعت|أوضح|أوضحت|أكد|أكدت) [أإ]ن(?!\w))"
)
_SAID = re.compile(
    r"[,”“»\"’'] ?(?:"
    r"(?:he|she|they) (?:also )?(?:said|says|added|told|noted|argued|explained|warned|claimed|wrote|insisted)"
    r"|(?:said|added) (?:he|she|they)"
    r"|(?:so|sagte|sagt|erklärte|betonte|meinte|ergänzte) (?:er|sie)"
    r"|(?:dijo|añadió|afirmó|aseguró|explicó|señaló|disse|afirmou|acrescentou|ha detto|ha aggiunto)"
    r"(?: él| ella| ele| ela)?(?=\W*$)"
    r"|[—–-] (?:сказал|заявил|добавил|отметил|подчеркнул|пояснил|сообщил|додав|зазначив|заявив|сказав|наголосив)а?"
    r"(?: он| она| він| вона|(?=\W*$))"
    r")(?!\w)"
    r"|a-t-(?:il|elle) (?:dit|ajouté|affirmé|déclaré|expliqué|précisé|estimé)"
    r"|[，。”」](?:他|她)(?:说|說)(?:道)?。$"
)


def leans(sentence: str) -> bool:
    """Tell whether a sentence leans on one before it that names whom it speaks of."""
    return _BEGINS.match(sentence) is not None or _SAID.search(sentence) is not None
