"""Lines of the house that carries a text, in its languages."""

from __future__ import annotations

import pytest

from digest.house_lines import is_of_house, knows


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Sign up here for the stories of the week."),
        ("en", "This report appears with permission of the agency."),
        ("de-AT", "Dieser Artikel ist zuerst in einer anderen Zeitung erschienen."),
        ("fr", "Temps de lecture : trois minutes."),
        ("es", "Esta nota fue escrita por una agencia."),
        ("it", "Iscriviti per leggere tutte le notizie."),
        ("pt", "Assine para ler a reportagem completa."),
        ("nl", "Meld je aan voor de nieuwsbrief."),
        ("pl", "Zapisz się na przegląd wiadomości."),
        ("ru", "Подписывайтесь на нас и читайте первыми."),
        ("uk", "Час читання: дві хвилини."),
        ("tr", "Haberlerimizi almak için abone olun."),
        ("ar", "اشترك في قناتنا ليصلك كل جديد."),
        ("fa", "برای دریافت خبرنامه ثبت نام کنید."),
        ("zh", "更多新闻请关注本报公众号。"),
        ("ja", "続きを読むには会員登録が必要です。"),
        ("ko", "뉴스레터를 구독해 주세요."),
    ],
)
def test_lines_of_the_house_are_known_in_sixteen_languages(language: str, line: str):
    assert knows(language)
    assert is_of_house(line, language)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Share prices fell and support for the cabinet ebbed."),
        ("en", "We will not give up one village, the president said."),
        ("en", "“You will hear from us,” read a letter that the kidnappers sent."),
        ("de", "Die Redaktion der Zeitung wurde durchsucht, sie war drei Tage geschlossen."),
        ("fr", "Le trafic a repris sur la ligne du nord."),
        ("ru", "Корреспондент телеканала погиб при обстреле."),
        ("zh", "三名记者在前线遇难。"),
    ],
)
def test_news_with_like_words_is_none(language: str, line: str):
    assert not is_of_house(line, language)


def test_of_other_languages_only_what_needs_no_words_is_known():
    assert not knows("ka")
    assert not is_of_house("გამოიწერეთ სიახლეები.", "ka")
    assert is_of_house("Read also: the week in pictures", "ka")
