"""Texts that end with how to read something else: the minutes, a report, a book. Of such a text nothing is sold."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.test_walls import made

#: Sentences with which a text ends.
LAST: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Read the full story with your children at bedtime.",
        "Log in to read the minutes on the council's page.",
        "Register to read the report at the town hall.",
    ),
    "de": (
        "Um den Bericht zu lesen, melden Sie sich im Rathaus an.",
        "Um das Protokoll zu lesen, melden Sie sich im Rathaus an.",
    ),
    "fr": ("Connectez-vous pour lire le compte rendu du conseil.", "Inscrivez-vous pour lire le rapport en mairie."),
    "es": ("Regístrate para leer el informe del ayuntamiento.", "Inicia sesión para leer el acta del pleno."),
    "it": ("Accedi per leggere il verbale del consiglio.", "Per leggere il rapporto registrati in Comune."),
    "pt": ("Faça login para ler o relatório da câmara.", "Inicie sessão para ler a ata da reunião."),
    "nl": ("Log in om de notulen van de raad te lezen.", "Registreer om het rapport te lezen."),
    "pl": ("Zaloguj się, aby przeczytać protokół z sesji rady.",),
    "ru": ("Зарегистрируйтесь, чтобы прочитать отчёт мэрии.", "Войдите, чтобы прочитать протокол заседания."),
    "uk": ("Увійдіть, щоб прочитати протокол засідання.",),
    "sv": ("Logga in för att läsa protokollet på kommunens sida.", "Logga in för att läsa rapporten."),
    "da": ("Log ind for at læse referatet på kommunens side.",),
    "no": ("Logg inn for å lese rapporten på kommunens side.",),
    "fi": ("Kirjaudu ja lue pöytäkirja kaupungin sivuilla.",),
    "zh": ("登录后可查看会议记录和报告。",),
    "ja": ("ログインして議事録全文を市のページで読める。",),
}
#: Of the text at hand such words speak, too.
OWN = (
    "Log in to read this report.",
    "Subscribe to read the full report.",
    "Um diesen Bericht weiterzulesen, melden Sie sich an.",
    "Read the full story with a digital subscription.",
    "Read the full story by subscribing.",
    "Read the full article with Herald Plus.",
    "Logga in för att läsa hela artikeln.",
    "Inscrivez-vous pour lire la suite du rapport.",
)


@pytest.mark.parametrize("lang", LAST)
def test_how_to_read_something_else_is_no_wall(lang: str) -> None:
    for line in LAST[lang]:
        article = made(line, lang=lang)

        assert (line, None) == (article.text.split("\n\n")[-1], article.paywalled)


@pytest.mark.parametrize("line", OWN)
def test_what_asks_for_the_text_itself_is_one(line: str) -> None:
    article = made(line)

    assert line not in article.text
    assert article.paywalled is True
