"""Lines with dates as outlets of many languages print them, and lines whose dates are those of other things."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from crawler.records import Article, Fetched, Source
from tests.test_extract_dates import page

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

#: Language, line under a headline, date of publication, date of change.
LINES = [
    ("en", "Tue 3 Mar 2026 08.12 GMT", "2026-03-03T08:12+00:00", None),
    (
        "en",
        "Published: 08:12 GMT, 3 March 2026 | Updated: 11:40 GMT, 3 March 2026",
        "2026-03-03T08:12+00:00",
        "2026-03-03T11:40+00:00",
    ),
    (
        "en",
        "Updated March 3, 2026 11:40 AM ET / Published March 3, 2026 8:12 AM ET",
        "2026-03-03T08:12-05:00",
        "2026-03-03T11:40-05:00",
    ),
    ("en", "Updated 8:12 AM EST, Tue March 3, 2026", None, "2026-03-03T08:12-05:00"),
    ("en", "Mar 03, 2026 08:12 AM IST", "2026-03-03T08:12", None),
    ("en", "Published on: Mar 03, 2026 08:12 AM IST", "2026-03-03T08:12", None),
    (
        "en",
        "First Published: March 3, 2026, 08:12 IST Last Updated: March 3, 2026, 11:40 IST",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    (
        "en",
        "Last Updated: March 3, 2026, 11:40 IST First Published: March 3, 2026, 08:12 IST",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    ("en", "Published - March 03, 2026 08:12 am IST - New Delhi", "2026-03-03T08:12", None),
    ("en", "Published 08:12 pm Tuesday, March 3, 2026", "2026-03-03T20:12", None),
    ("de", "03.03.2026, 08.12 Uhr", "2026-03-03T08:12", None),
    ("de", "3. März 2026, 8.12 Uhr", "2026-03-03T08:12", None),
    ("de", "03.03.2026, 08.12", "2026-03-03T08:12", None),
    ("cs", "3. března 2026, 8.12", "2026-03-03T08:12", None),
    ("pl", "3 marca 2026, 8.12", "2026-03-03T08:12", None),
    ("tr", "3 Mart 2026, 08.12", "2026-03-03T08:12", None),
    ("hu", "2026. március 3. 8.12", "2026-03-03T08:12", None),
    ("fr", "Publié le 3 mars à 08:12, mis à jour le 3 mars à 11:40", None, None),
    ("fr", "Publié le 3 mars à 08:12, mis à jour le 03/03/2026 à 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("es", "03 mar 2026 - 08:12 CET", "2026-03-03T08:12+01:00", None),
    ("es", "3 de marzo de 2026 a las 08:12 h.", "2026-03-03T08:12", None),
    ("pt", "3.mar.2026 às 8h12", "2026-03-03T08:12", None),
    ("pt-br", "03/03/2026 08h12 Atualizado há 3 horas", "2026-03-03T08:12", None),
    ("pt-br", "03/03/2026 - 08:12 / Atualizado em 03/03/2026 - 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("pt", "3 de março de 2026 às 08:12", "2026-03-03T08:12", None),
    ("it", "3 marzo 2026 ore 17.05", "2026-03-03T17:05", None),
    ("it", "03 Marzo 2026 alle 08:12 Aggiornato alle 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("nl", "03 mrt 2026 om 08:12 | Update: 03 mrt 2026 om 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("nl", "dinsdag 3 maart 2026, 8.12 uur", "2026-03-03T08:12", None),
    ("sv", "Publicerad 2026-03-03 08.12", "2026-03-03T08:12", None),
    ("sv", "Publicerad: 3 mars 2026 kl. 17.05", "2026-03-03T17:05", None),
    ("da", "3. marts 2026 kl. 08.12", "2026-03-03T08:12", None),
    (
        "da",
        "Offentliggjort d. 3. mar. 2026 kl. 08:12 Opdateret d. 3. mar. 2026 kl. 11:40",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    ("nb", "Publisert 3. mars 2026 kl. 08:12 Oppdatert 3. mars 2026 kl. 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    (
        "no",
        "Publisert: 03.03.2026, kl. 08:12 Sist oppdatert: 03.03.2026, kl. 11:40",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    ("nn", "Publisert 3. mars 2026 kl. 08:12", "2026-03-03T08:12", None),
    ("fi", "3.3.2026 klo 17.05", "2026-03-03T17:05", None),
    ("fi", "Julkaistu 3.3.2026 klo 8.12 Päivitetty 3.3.2026 klo 11.40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("pl", "3 marca 2026, 08:12", "2026-03-03T08:12", None),
    (
        "pl",
        "Data utworzenia: 3 marca 2026, 08:12 Data aktualizacji: 3 marca 2026, 11:40",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    ("cs", "3. března 2026 8:12, aktualizováno 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("cs", "3. 3. 2026 8:12", "2026-03-03T08:12", None),
    ("sk", "3. marca 2026 o 8:12 Aktualizované 3. marca 2026 o 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("sk", "Publikované: 3. marca 2026 08:12", "2026-03-03T08:12", None),
    ("hu", "2026. március 3., kedd 08:12", "2026-03-03T08:12", None),
    ("hu", "2026.03.03. 08:12 Módosítva: 2026.03.03. 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("ro", "Publicat: 03.03.2026, 08:12 Actualizat: 03.03.2026, 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("ro", "Data publicării: 03.03.2026 08:12", "2026-03-03T08:12", None),
    ("bg", "3 март 2026, 08:12 ч.", "2026-03-03T08:12", None),
    (
        "bg",
        "Публикувана на 3 март 2026 г. в 08:12 ч. Обновена: 3 март 2026 г. в 11:40 ч.",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    ("el", "03.03.2026 • 08:12", "2026-03-03T08:12", None),
    (
        "el",
        "Δημοσίευση: 3 Μαρτίου 2026, 08:12 Ενημέρωση: 3 Μαρτίου 2026, 11:40",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    ("ru", "08:12 03.03.2026 (обновлено: 11:40 03.03.2026)", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("ru", "3 марта 2026, 08:12 МСК", "2026-03-03T08:12+03:00", None),
    ("uk", "3 березня 2026, 08:12", "2026-03-03T08:12", None),
    ("uk", "Опубліковано: 03.03.2026, 08:12 Оновлено: 03.03.2026, 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("be", "3 сакавіка 2026, 08:12", "2026-03-03T08:12", None),
    ("sr", "уторак, 03.03.2026. 08:12", "2026-03-03T08:12", None),
    ("sr", "3. март 2026. 08:12", "2026-03-03T08:12", None),
    ("sr-latn", "Utorak, 3. mart 2026. 08:12h", "2026-03-03T08:12", None),
    (
        "sr-latn",
        "Objavljeno: 03.03.2026. u 08:12 Ažurirano: 03.03.2026. u 11:40",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    ("hr", "3. ožujka 2026. u 08:12", "2026-03-03T08:12", None),
    (
        "hr",
        "Objavljeno 03. ožujka 2026. u 08:12, ažurirano 03. ožujka 2026. u 11:40",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    ("bs", "3. marta 2026. u 08:12h", "2026-03-03T08:12", None),
    ("sl", "3. marec 2026 ob 8:12", "2026-03-03T08:12", None),
    ("sl", "Objavljeno: 3. 3. 2026 8.12 Posodobljeno: 3. 3. 2026 11.40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("mk", "3 март 2026, 08:12", "2026-03-03T08:12", None),
    ("sq", "3 mars 2026, 08:12", "2026-03-03T08:12", None),
    ("lt", "2026 m. kovo 3 d. 08:12", "2026-03-03T08:12", None),
    ("lt", "Publikuota: 2026-03-03 08:12 Atnaujinta: 2026-03-03 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("lv", "2026. gada 3. marts 08:12", "2026-03-03T08:12", None),
    ("lv", "Publicēts: 03.03.2026. 08:12 Atjaunots: 03.03.2026. 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("et", "3. märts 2026 kell 8:12", "2026-03-03T08:12", None),
    ("et", "03.03.2026 08:12", "2026-03-03T08:12", None),
    (
        "tr",
        "Oluşturulma Tarihi: 3 Mart 2026 08:12 / Güncelleme Tarihi: 3 Mart 2026 11:40",
        "2026-03-03T08:12",
        "2026-03-03T11:40",
    ),
    ("tr", "Oluşturulma Tarihi: Mart 03, 2026 08:12", "2026-03-03T08:12", None),
    ("ar", "3/3/2026 08:12 (توقيت مكة)", "2026-03-03T08:12+03:00", None),
    ("ar", "نشر في: 3 مارس 2026 - 08:12 صباحا بتوقيت غرينتش", "2026-03-03T08:12+00:00", None),
    ("fa", "۱۲ اسفند ۱۴۰۴ - ۰۸:۱۲", "2026-03-03T08:12", None),
    ("fa", "تاریخ انتشار: ۱۲ اسفند ۱۴۰۴ ساعت ۰۸:۱۲", "2026-03-03T08:12", None),
    ("he", "3 במרץ 2026, 08:12", "2026-03-03T08:12", None),
    ("he", "פורסם: 03.03.26, 08:12 עודכן: 03.03.26, 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("hi", "प्रकाशित: 3 मार्च 2026, 08:12 पूर्वाह्न IST", "2026-03-03T08:12+05:30", None),
    ("hi", "3 मार्च 2026, 8:12 AM (IST)", "2026-03-03T08:12+05:30", None),
    ("bn", "প্রকাশ: ০৩ মার্চ ২০২৬, ০৮:১২ আপডেট: ০৩ মার্চ ২০২৬, ১১:৪০", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("bn", "প্রকাশিত: ৩ মার্চ ২০২৬, ০৮:১২ এএম", "2026-03-03T08:12", None),
    ("ur", "3 مارچ 2026، 08:12", "2026-03-03T08:12", None),
    ("ur", "منگل 3 مارچ 2026 8:12", "2026-03-03T08:12", None),
    ("ta", "3 மார்ச் 2026, 8:12", "2026-03-03T08:12", None),
    ("te", "3 మార్చి 2026, 8:12", "2026-03-03T08:12", None),
    ("mr", "3 मार्च 2026, 8:12", "2026-03-03T08:12", None),
    ("zh", "2026年03月03日 08:12 新京报", "2026-03-03T08:12", None),
    ("zh", "2026年3月3日 星期二 08:12", "2026-03-03T08:12", None),
    (
        "zh-hk",
        "2026-03-03 08:12 HKT 最後更新：2026-03-03 11:40 HKT",
        "2026-03-03T08:12+08:00",
        "2026-03-03T11:40+08:00",
    ),
    ("zh-tw", "2026/03/03 08:12 最新更新：2026/03/03 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("zh-tw", "2026/3/3 08:12（3/3 11:40 更新）", "2026-03-03T08:12", None),
    ("ja", "2026年3月3日 8時12分", "2026-03-03T08:12", None),
    ("ja", "2026年3月3日 8:12 [有料会員限定]", "2026-03-03T08:12", None),
    ("ko", "입력 2026.03.03. 08:12 업데이트 2026.03.03. 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("ko", "기사입력 2026-03-03 08:12 최종수정 2026-03-03 11:40", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("vi", "Thứ ba, 3/3/2026, 08:12 (GMT+7)", "2026-03-03T08:12+07:00", None),
    ("vi", "03/03/2026 08:12 GMT+7", "2026-03-03T08:12+07:00", None),
    ("id", "Selasa, 3 Maret 2026 08:12 WIB", "2026-03-03T08:12+07:00", None),
    ("id", "Kompas - 03/03/2026, 08:12 WIB", "2026-03-03T08:12+07:00", None),
    ("ms", "3 Mac 2026, 8:12 pagi", "2026-03-03T08:12", None),
    ("ms", "Diterbitkan: Mac 3, 2026 8:12 AM", "2026-03-03T08:12", None),
    ("th", "3 มี.ค. 2569 08:12 น.", "2026-03-03T08:12", None),
    ("th", "เผยแพร่ : 3 มี.ค. 69 08:12 น. ปรับปรุง : 3 มี.ค. 69 11:40 น.", "2026-03-03T08:12", "2026-03-03T11:40"),
    ("lo", "3 ມີນາ 2026, 08:12", "2026-03-03T08:12", None),
    ("km", "ថ្ងៃអង្គារ ទី៣ ខែមីនា ឆ្នាំ២០២៦ ម៉ោង ០៨:១២", "2026-03-03T08:12", None),
    ("km", "៣ មីនា ២០២៦, ០៨:១២", "2026-03-03T08:12", None),
    ("my", "၃ မတ် ၂၀၂၆", "2026-03-03", None),
    ("ka", "3 მარტი 2026, 08:12", "2026-03-03T08:12", None),
    ("ka", "3 მარ. 2026 08:12", "2026-03-03T08:12", None),
    ("hy", "3 մարտի 2026, 08:12", "2026-03-03T08:12", None),
    ("hy", "Մարտ 3, 2026 08:12", "2026-03-03T08:12", None),
    ("az", "3 Mart 2026 08:12", "2026-03-03T08:12", None),
    ("az", "3 mart, 2026, 08:12 (UTC+04:00)", "2026-03-03T08:12+04:00", None),
    ("kk", "3 наурыз 2026, 08:12", "2026-03-03T08:12", None),
    ("kk", "2026 жылғы 3 наурыз, 08:12", "2026-03-03T08:12", None),
    ("uz", "3-mart 2026, 08:12", "2026-03-03T08:12", None),
    ("uz", "3 mart 2026, 08:12", "2026-03-03T08:12", None),
    ("ky", "3-март 2026, 08:12", "2026-03-03T08:12", None),
    ("am", "3 ማርች 2026", "2026-03-03", None),
    ("am", "ማርች 3, 2026", "2026-03-03", None),
    ("sw", "3 Machi 2026, 08:12", "2026-03-03T08:12", None),
    ("sw", "Jumanne, Machi 3, 2026", "2026-03-03", None),
    ("mn", "2026 оны 3 сарын 3. 08:12", "2026-03-03T08:12", None),
    ("ca", "3 de març de 2026 a les 08:12", "2026-03-03T08:12", None),
    ("eu", "2026ko martxoaren 3a, 08:12", "2026-03-03T08:12", None),
    ("is", "3. mars 2026 kl. 08:12", "2026-03-03T08:12", None),
    ("ga", "3 Márta 2026, 08:12", "2026-03-03T08:12", None),
    ("tl", "Marso 3, 2026 8:12 AM", "2026-03-03T08:12", None),
    ("af", "3 Maart 2026, 08:12", "2026-03-03T08:12", None),
    ("nb", "Oppdatert 3. mars 2026 kl. 11.40", None, "2026-03-03T11:40"),
    ("zh-hk", "發佈時間: 2026/03/03 08:12", "2026-03-03T08:12", None),
    ("ca", "03/03/2026 - 08:12", "2026-03-03T08:12", None),
    ("is", "3. mars 2026 klukkan 08:12", "2026-03-03T08:12", None),
]

#: Language and markup that stands under a headline or below a text and dates it not.
OTHERS = [
    ("en", "<div><p>Date: 12 May 2024</p><p>Venue: Town Hall, Northport</p></div>"),
    ("en", "<p>Date: 12 May 2024 | Time: 19:00 | Venue: Town Hall</p>"),
    ("en", "<table><tr><td>Date:</td><td>12 May 2024</td></tr><tr><td>Location:</td><td>Town Hall</td></tr></table>"),
    ("de", "<p>Datum: 12.05.2024</p><p>Ort: Rathaus</p><p>Beginn: 19 Uhr</p>"),
    ("de", "<p>Wann: 12.05.2024, 19:00 Uhr</p><p>Wo: Rathaus</p>"),
    ("fr", "<p>Date : 12 mai 2024</p><p>Lieu : Mairie</p>"),
    ("es", "<p>Fecha: 12 de mayo de 2024</p><p>Lugar: Ayuntamiento</p>"),
    ("it", "<p>Data: 12 maggio 2024</p><p>Luogo: Municipio</p>"),
    ("pt", "<p>Data: 12 de maio de 2024</p><p>Local: Câmara</p>"),
    ("nl", "<p>Datum: 12 mei 2024</p><p>Locatie: Stadhuis</p>"),
    ("pl", "<p>Data: 12 maja 2024</p><p>Miejsce: Ratusz</p>"),
    ("ru", "<p>Дата: 12 мая 2024</p><p>Место: Ратуша</p>"),
    ("tr", "<p>Tarih: 12 Mayıs 2024</p><p>Yer: Belediye</p>"),
    ("zh", "<p>时间：2024年5月12日 19:00</p><p>地点：市政厅</p>"),
    ("ja", "<p>日時：2024年5月12日 19:00</p><p>会場：市庁舎</p>"),
    ("ko", "<p>일시: 2024년 5월 12일 19:00</p><p>장소: 시청</p>"),
    ("ar", "<p>التاريخ: 12 مايو 2024</p><p>المكان: البلدية</p>"),
    ("vi", "<p>Thời gian: 12/05/2024</p><p>Địa điểm: Tòa thị chính</p>"),
    ("en", "<p>Deadline: 12 May 2024</p>"),
    ("en", "<p>Closing date for applications: 12 May 2024</p>"),
    ("en", "<p>Effective date: 12 May 2024</p>"),
    ("en", "<p>Due date: 12 May 2024</p>"),
    ("en", "<p>Date of birth: 12 May 1974</p>"),
    ("en", "<p>Died: 12 May 2004</p>"),
    ("de", "<p>Geboren am 12.05.1994 in Nordhafen</p>"),
    ("de", "<p>Einsendeschluss: 12.05.2024</p>"),
    ("de", "<p>Bewerbungsfrist: 12.05.2024</p>"),
    ("de", "<p>Gültig ab 12.05.2024</p>"),
    ("fr", "<p>Date limite : 12 mai 2024</p>"),
    ("es", "<p>Fecha límite: 12 de mayo de 2024</p>"),
    ("fr", "<p>Né le 12 mai 1994</p>"),
    ("es", "<p>Nacido el 12 de mayo de 1994</p>"),
    ("it", "<p>Nato il 12 maggio 1994</p>"),
    ("ru", "<p>Дата рождения: 12 мая 1994</p>"),
    ("ru", "<p>Родился 12 мая 1994 года</p>"),
    ("pl", "<p>Data urodzenia: 12 maja 1994</p>"),
    ("zh", "<p>出生日期：1994年5月12日</p>"),
    ("ja", "<p>生年月日：1994年5月12日</p>"),
    ("zh", "<p>截止日期：2024年5月12日</p>"),
    ("ja", "<p>締切：2024年5月12日</p>"),
    ("ja", "<p>発売日：2024年5月12日</p>"),
    ("en", "<p>Price: $12.05.24</p>"),
    ("en", "<p>AAPL 187.15 +1.2% as of May 12, 2024 4:00 PM EDT</p>"),
    ("en", "<p>Copyright © 2024-05-12</p>"),
    ("en", "<p>App version 24.05.12, updated May 12, 2024</p>"),
    ("en", "<p>Since 12 May 1998</p>"),
    ("en", "<p>Sunday 12 May 2024 | 18°C | Cloudy</p>"),
    (
        "en",
        "<table><tr><th>Date</th><th>Home</th><th>Away</th><th>Score</th></tr><tr><td>12 May 2024</td><td>Northport</td><td>Westhaven</td><td>3-1</td></tr><tr><td>19 May 2024</td><td>Westhaven</td><td>Eastby</td><td>0-0</td></tr></table>",
    ),
    ("en", "<p>Kick-off: 12 May 2024 15:00</p>"),
    ("en", "<p>Meeting date: 12 May 2024</p>"),
    ("en", "<p>Auction: 12 May 2024</p>"),
    ("de", "<p>Konzert 12.05.2024 20:00</p>"),
    ("de", "<p>Termin: 12.05.2024</p>"),
    ("en", "<p>Doors open 12 May 2024, 19:00</p>"),
    ("en", "<p>In cinemas 12 May 2024</p>"),
    ("en", "<p>Offer ends 12 May 2024</p>"),
    ("en", "<p>Next election: 12 May 2024</p>"),
    ("en", "<p>File photo: 12 May 2024</p>"),
    ("en", "<p>Joined: 12 May 2014</p>"),
    ("en", "<p>Judgment date: 12 May 2024</p>"),
    ("en", "<p>Flight AB123, 12 May 2024, 08:12</p>"),
    ("en", "<p>Open Day 12 May 2024</p>"),
    ("en", "<p>Lottery draw 12 May 2024: 3, 14, 15, 22, 41</p>"),
    ("en", "<p>Opening hours from 12 May 2024: Mon-Fri 8:00-17:00</p>"),
    ("en", "<p>Last login: 12 May 2024 10:11</p>"),
    ("en", "<p>Sample collected 12 May 2024</p>"),
    ("sv", "<p>Sista ansökningsdag: 12 maj 2024</p>"),
    ("fi", "<p>Viimeinen hakupäivä: 12.5.2024</p>"),
    ("da", "<p>Ansøgningsfrist: 12. maj 2024</p>"),
    ("nl", "<p>Geldig tot 12 mei 2024</p>"),
    ("it", "<p>Scadenza: 12 maggio 2024</p>"),
    ("pt", "<p>Prazo: 12 de maio de 2024</p>"),
    ("pl", "<p>Termin składania wniosków: 12 maja 2024</p>"),
    ("cs", "<p>Uzávěrka: 12. května 2024</p>"),
    ("hu", "<p>Jelentkezési határidő: 2024. május 12.</p>"),
    ("tr", "<p>Son başvuru tarihi: 12 Mayıs 2024</p>"),
    ("ar", "<p>آخر موعد للتقديم: 12 مايو 2024</p>"),
    ("fa", "<p>مهلت ثبت نام: ۲۳ اردیبهشت ۱۴۰۳</p>"),
    ("ko", "<p>마감: 2024년 5월 12일</p>"),
    ("ko", "<p>생년월일: 1994년 5월 12일</p>"),
    ("id", "<p>Batas pendaftaran: 12 Mei 2024</p>"),
    ("th", "<p>รับสมัครถึงวันที่ 12 พฤษภาคม 2567</p>"),
    ("hi", "<p>अंतिम तिथि: 12 मई 2024</p>"),
    ("hi", "<p>जन्म तिथि: 12 मई 1994</p>"),
    ("el", "<p>Προθεσμία: 12 Μαΐου 2024</p>"),
    ("he", "<p>מועד אחרון להגשה: 12 במאי 2024</p>"),
    ("en", '<div class="countdown"><time datetime="2024-05-12T10:00">12 days left</time></div>'),
    ("en", '<div>When: <time datetime="2024-05-12T10:00">12 May 2024</time></div><div>Where: Town Hall</div>'),
    ("en", '<div>Date: <time datetime="2024-05-12T10:00">12 May 2024</time></div><div>Venue: Town Hall</div>'),
    ("en", "<p>Vote on 12 May 2024</p>"),
    ("en", "<p>Premieres May 12, 2024</p>"),
    ("en", "<p>Recorded on 12 May 2024</p>"),
    ("en", "<p>Trial starts 12 May 2024</p>"),
    ("en", "<p>Match day: Sunday 12 May 2024, 15:00</p>"),
    ("en", "<p>Passport expires: 12 May 2024</p>"),
    ("en", "<p>Invoice date: 12 May 2024</p>"),
    ("en", "<p>Delivery by 12 May 2024</p>"),
    ("en", "<p>Departure: 12 May 2024 08:12</p>"),
    ("en", "<p>Ratified: 12 May 2024</p>"),
    ("en", "<p>Act of 12 May 2024</p>"),
    ("en", "<p>Company founded: 12 May 1998</p>"),
    ("en", "<p>* 12 May 1994 † 3 March 2020</p>"),
    ("en", "<p>Exchange rate on 12 May 2024: 1.0842</p>"),
    ("en", "<p>Low tide 12 May 2024 08:12</p>"),
    ("en", "<p>Next update: 12 May 2024</p>"),
    ("en", "<p>Catalogue no. 12/05/2024</p>"),
    ("en", "<p>Image taken 12 May 2024</p>"),
    ("en", "<p>On this day: 12 May 1974</p>"),
    ("de", "<p>Ausstrahlung: 12.05.2024</p>"),
    ("de", "<p>Anmeldung bis 12.05.2024</p>"),
    ("de", "<p>Eröffnung: 12.05.2024</p>"),
    ("de", "<p>Ab 12.05.2024 im Kino</p>"),
    ("de", "<p>Stichtag: 12.05.2024</p>"),
    ("de", "<p>Wahl am 12.05.2024</p>"),
    ("de", "<p>Kurs vom 12.05.2024: 1,0842</p>"),
    ("de", "<p>Zeitraum: 12.05.2024 - 19.05.2024</p>"),
    ("fr", "<p>Du 12 mai 2024 au 19 mai 2024</p>"),
    ("fr", "<p>Jusqu'au 12 mai 2024</p>"),
    ("fr", "<p>Sortie le 12 mai 2024</p>"),
    ("fr", "<p>Rendez-vous le 12 mai 2024</p>"),
    ("es", "<p>Del 12 de mayo de 2024 al 19 de mayo de 2024</p>"),
    ("es", "<p>Hasta el 12 de mayo de 2024</p>"),
    ("es", "<p>Estreno: 12 de mayo de 2024</p>"),
    ("it", "<p>Dal 12 maggio 2024 al 19 maggio 2024</p>"),
    ("it", "<p>Fino al 12 maggio 2024</p>"),
    ("pt", "<p>Até 12 de maio de 2024</p>"),
    ("pt", "<p>Estreia: 12 de maio de 2024</p>"),
    ("nl", "<p>Van 12 mei 2024 tot 19 mei 2024</p>"),
    ("pl", "<p>Od 12 maja 2024 do 19 maja 2024</p>"),
    ("pl", "<p>Do 12 maja 2024</p>"),
    ("ru", "<p>До 12 мая 2024 года</p>"),
    ("ru", "<p>Премьера: 12 мая 2024</p>"),
    ("ru", "<p>С 12 мая 2024 года</p>"),
    ("ru", "<p>Срок подачи заявок: 12 мая 2024</p>"),
    ("uk", "<p>До 12 травня 2024 року</p>"),
    ("tr", "<p>12 Mayıs 2024 tarihine kadar</p>"),
    ("tr", "<p>Doğum tarihi: 12 Mayıs 1994</p>"),
    ("tr", "<p>Son tarih: 12 Mayıs 2024</p>"),
    ("zh", "<p>活动时间：2024年5月12日</p>"),
    ("zh", "<p>报名截止：2024年5月12日</p>"),
    ("zh", "<p>上映日期：2024年5月12日</p>"),
    ("zh", "<p>成立时间：1998年5月12日</p>"),
    ("ja", "<p>開催日：2024年5月12日</p>"),
    ("ja", "<p>応募締切 2024年5月12日</p>"),
    ("ko", "<p>개봉: 2024년 5월 12일</p>"),
    ("ko", "<p>접수기간: 2024.05.12 ~ 2024.05.19</p>"),
    ("ar", "<p>تاريخ الميلاد: 12 مايو 1994</p>"),
    ("ar", "<p>حتى 12 مايو 2024</p>"),
    ("fa", "<p>تاریخ تولد: ۲۲ اردیبهشت ۱۳۷۳</p>"),
    ("he", "<p>תאריך לידה: 12 במאי 1994</p>"),
    ("hi", "<p>जन्म: 12 मई 1994</p>"),
    ("id", "<p>Tanggal lahir: 12 Mei 1994</p>"),
    ("id", "<p>Hingga 12 Mei 2024</p>"),
    ("vi", "<p>Ngày sinh: 12/05/1994</p>"),
    ("vi", "<p>Hạn nộp hồ sơ: 12/05/2024</p>"),
    ("th", "<p>วันเกิด: 12 พฤษภาคม 2537</p>"),
    ("fi", "<p>Syntynyt 12.5.1994</p>"),
    ("sv", "<p>Född 12 maj 1994</p>"),
    ("da", "<p>Født 12. maj 1994</p>"),
    ("cs", "<p>Narozen 12. května 1994</p>"),
    ("hu", "<p>Született: 1994. május 12.</p>"),
    ("ro", "<p>Născut: 12 mai 1994</p>"),
    ("el", "<p>Γεννήθηκε 12 Μαΐου 1994</p>"),
    ("sr", "<p>Rođen 12. maja 1994</p>"),
]


def made(body: str) -> Article:
    url = "https://www.example.com/harbour"
    return extract(Fetched(url, url, body.encode(), "text/html", fetched_at=NOW), Source("example", "The Example", url))


@pytest.mark.parametrize(("language", "line", "published", "modified"), LINES)
def test_a_line_is_read_as_its_readers_read_it(
    language: str, line: str, published: str | None, modified: str | None
) -> None:
    article = made(page(under=f"<p>{line}</p>", lang=language))
    only_changed = (article.published_evidence or "").startswith("last change")

    assert (published, modified) == (None if only_changed else article.published, article.modified)


@pytest.mark.parametrize(("language", "markup"), OTHERS)
def test_what_has_another_date_gives_none(language: str, markup: str) -> None:
    under, below = page(under=markup, lang=language), page(lang=language).replace("</article>", f"</article>{markup}")

    assert made(under if len(markup) % 2 else below).published is None


@pytest.mark.parametrize(
    "above",
    [
        "<p>Tuesday, 12 May 2020</p>",
        "<div><div>Tuesday, 12 May 2020</div></div><div><a href='/w'>World</a></div>",
        "<table><tr><td>Tuesday, May 12, 2020</td><td><a href='/'>Home</a></td></tr></table>",
    ],
)
def test_a_day_in_the_first_lines_outside_of_what_holds_the_text_is_todays(above: str) -> None:
    whole = page()
    in_divs = whole.replace("<article>", "<div>").replace("</article>", "</div>")

    assert [None, None] == [made(each.replace("<body>", f"<body>{above}")).published for each in (whole, in_divs)]
    assert "2020-05-12" == made(page(above="<p>Tuesday, 12 May 2020</p>")).published


def test_a_day_that_has_not_come_is_refused_and_said_so() -> None:
    article = made(page(under="<p>3 June 2026</p>"))
    declared = '<meta property="article:published_time" content="2031-05-12T10:00:00Z">'
    other = made(page(head=declared, under="<p>By Jane Roe, 4 March 2025</p>"))

    assert article.published is None
    assert "2026-06-03 (date line): more than a day after the page was read" == article.evidence["published_refused"]
    assert "2026-06-02" == made(page(under="<p>2 June 2026</p>")).published
    assert "2025-03-04" == other.published
    assert other.evidence["published_refused"].startswith("2031-05-12T10:00:00+00:00 (meta")


def test_the_parts_of_a_time_element_stand_apart() -> None:
    parts = "<span>March 3, 2025</span><span>8:12 AM GMT+1</span><span>Updated 3 hours ago</span>"
    article = made(page(under=f"<time>{parts}</time>"))

    assert ("2025-03-03T08:12+01:00", None) == (article.published, article.modified)


def test_a_name_that_is_a_link_may_stand_before_the_date() -> None:
    signed = made(page(under="<div><a href='/people/roe'>Jane Roe</a> 3 maart 2025, 08:12</div>", lang="nl"))
    titled = made(page(under="<div>Open Dag 3 maart 2025, 08:12</div>", lang="nl"))

    assert ("2025-03-03T08:12", None) == (signed.published, titled.published)


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='countdown'><time datetime='2025-05-12T10:00'>12 days left</time></div>",
        "<div>Poll closes <time datetime='2025-05-12T10:00'>12 May 2025</time></div>",
        "<div>Date: <time datetime='2025-05-12T10:00'>12 May 2025</time></div><div>Venue: Town Hall</div>",
        "<a href='/b'><h4>Crane falls in the port</h4><time datetime='2025-05-12'>12 May 2025</time></a>",
        "<div><h3>2 Comments</h3><p>Tom Poe</p><p>12 May 2025 at 10:11</p><p>Nonsense, this is needed by all.</p></div>",
        "<div><a href='/b'>Crane falls in the port</a><br>12 May 2025</div>",
    ],
)
def test_what_stands_below_a_text_does_not_date_it(markup: str) -> None:
    assert made(page().replace("</article>", f"</article>{markup}")).published is None
