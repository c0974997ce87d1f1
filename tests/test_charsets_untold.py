"""Pages that declare no charset, in those that were written on the web before UTF-8."""

from __future__ import annotations

import unicodedata

import pytest

from crawler.extract.charsets import decode

TEXTS = {
    "es": (
        "La alcaldía anunció el lunes que la línea de autobús número 12 dejará de circular los fines de semana.",
        (
            "“No había otra opción”, explicó la concejala de Movilidad, Begoña Ibáñez, según la cual "
            "el año pasado se perdieron 2 millones de €."
        ),
        (
            "Los vecinos del barrio de San Martín, que ya habían protestado en otoño, reunirán firmas "
            "y pedirán una reunión."
        ),
    ),
    "it": (
        (
            "Il Comune ha annunciato lunedì che la linea 12 non circolerà più nei fine settimana, "
            "perché mancano gli autisti."
        ),
        (
            "“Non c’è altra possibilità”, ha spiegato l’assessora alla mobilità: l’anno scorso "
            "l’azienda ha perso più di 2 milioni di €."
        ),
        (
            "È una scelta che colpirà soprattutto gli anziani e chi non può permettersi un’auto, "
            "dicono i comitati di quartiere."
        ),
    ),
    "pt": (
        (
            "A Câmara anunciou na segunda-feira que a linha 12 deixará de circular aos fins de semana, "
            "por falta de condutores."
        ),
        (
            "“Não há outra opção”, explicou a vereadora da Mobilidade, segundo a qual no ano passado "
            "se perderam 2 milhões de €."
        ),
        (
            "Os moradores, que já tinham protestado no outono, vão recolher assinaturas e pedir uma "
            "reunião à administração."
        ),
    ),
    "fr": (
        "La mairie a annoncé lundi que la ligne 12 ne circulera plus le week-end, faute de conducteurs.",
        (
            "« Il n’y a pas d’autre solution », a expliqué l’adjointe à la mobilité : l’an dernier, la "
            "régie a perdu plus de 2 millions d’€."
        ),
        (
            "Les habitants, qui avaient déjà protesté à l’automne, veulent réunir des signatures et "
            "être reçus par le maire."
        ),
    ),
    "de": (
        "Das Rathaus hat am Montag angekündigt, dass die Linie 12 künftig am Wochenende nicht mehr fährt.",
        (
            "„Es gibt keine andere Möglichkeit“, erklärte die Stadträtin für Verkehr; im vorigen Jahr "
            "seien über 2 Millionen € verloren gegangen."
        ),
        (
            "Die Anwohner, die schon im Herbst protestiert hatten, wollen Unterschriften sammeln und "
            "fordern ein Gespräch mit dem Bürgermeister."
        ),
    ),
    "nl": (
        (
            "Het stadsbestuur heeft maandag aangekondigd dat lijn 12 in het weekend niet meer rijdt, "
            "omdat er te weinig chauffeurs zijn."
        ),
        "‘Er is geen andere mogelijkheid’, zei de wethouder; vorig jaar ging er meer dan € 2 miljoen verloren.",
        (
            "De bewoners, die in het najaar al hadden geprotesteerd, willen handtekeningen inzamelen – "
            "één gesprek is niet genoeg."
        ),
    ),
    "sv": (
        "Kommunen meddelade på måndagen att linje 12 inte längre kör på helgerna, eftersom det är ont om förare.",
        "”Det finns ingen annan möjlighet”, sade trafikrådet; förra året förlorade bolaget över 2 miljoner €.",
        "De boende, som redan hade protesterat i höstas, vill samla namnunderskrifter och få träffa kommunalrådet.",
    ),
    "pl": (
        "Urząd miasta ogłosił w poniedziałek, że linia 12 nie będzie już kursować w weekendy, bo brakuje kierowców.",
        (
            "Nie ma innej możliwości, wyjaśniła zastępczyni burmistrza; w zeszłym roku spółka straciła "
            "ponad dwa miliony złotych."
        ),
        "Mieszkańcy, którzy protestowali już jesienią, chcą zbierać podpisy i żądają spotkania z władzami.",
    ),
    "cs": (
        "Radnice v pondělí oznámila, že linka 12 už nebude o víkendech jezdit, protože chybějí řidiči.",
        "Jiná možnost není, vysvětlila náměstkyně primátora; loni podnik prodělal přes dva miliony korun.",
        "Obyvatelé, kteří protestovali už na podzim, chtějí sbírat podpisy a žádají setkání s vedením města.",
    ),
    "ru": (
        (
            "Мэрия объявила в понедельник, что автобус номер 12 больше не будет ходить по выходным, "
            "так как не хватает водителей."
        ),
        (
            "«Другого выхода нет», – пояснила заместитель мэра; в прошлом году предприятие потеряло "
            "более двух миллионов рублей."
        ),
        "Жители, которые протестовали ещё осенью, собираются собирать подписи и требуют встречи с руководством города.",
    ),
    "tr": (
        (
            "Belediye pazartesi günü yaptığı açıklamada 12 numaralı hattın artık hafta sonları "
            "çalışmayacağını duyurdu, çünkü sürücü bulunamıyor."
        ),
        (
            "“Başka çaremiz yok” diyen başkan yardımcısı, şirketin geçen yıl iki milyon liradan fazla "
            "kaybettiğini söyledi."
        ),
        "Sonbaharda da gösteri yapan mahalle sakinleri imza toplayacak ve belediye başkanıyla görüşmek istiyor.",
    ),
    "el": (
        (
            "Ο δήμος ανακοίνωσε τη Δευτέρα ότι η γραμμή 12 δεν θα κυκλοφορεί πλέον τα Σαββατοκύριακα, "
            "γιατί λείπουν οδηγοί."
        ),
        "«Δεν υπάρχει άλλη λύση», εξήγησε η αντιδήμαρχος· πέρυσι η επιχείρηση έχασε πάνω από δύο εκατομμύρια ευρώ.",
        (
            "Οι κάτοικοι, που είχαν διαμαρτυρηθεί ήδη το φθινόπωρο, θέλουν να συγκεντρώσουν υπογραφές "
            "και ζητούν συνάντηση."
        ),
    ),
    "zh": (
        "市政府周一宣布，由于司机不足，十二路公交车今后周末不再运行。",
        "“没有别的办法”，负责交通的副市长解释说，去年公司亏损超过两百万元。",
        "去年秋天已经抗议过的居民准备收集签名，并要求与市领导见面。",
    ),
    "zh-tw": (
        "市政府週一宣布，由於司機不足，十二路公車今後週末不再行駛。",
        "「沒有別的辦法」，負責交通的副市長解釋說，去年公司虧損超過兩百萬元。",
        "去年秋天已經抗議過的居民準備收集簽名，並要求與市府官員見面。",
    ),
    "ja": (
        "市は月曜日、運転手が足りないため、十二番のバスを今後は週末に運行しないと発表した。",
        "「ほかに方法がない」と交通担当の副市長は説明し、昨年は会社が二億円以上の赤字だったと述べた。",
        "秋にも抗議した住民らは署名を集め、市長との面会を求めている。",
    ),
    "ko": (
        "시는 월요일 운전기사가 부족해 12번 버스를 앞으로 주말에 운행하지 않는다고 발표했다.",
        "교통을 맡은 부시장은 다른 방법이 없다며 지난해 회사가 이십억 원 넘게 손해를 봤다고 설명했다.",
        "지난가을에도 항의했던 주민들은 서명을 모으고 시장과의 면담을 요구할 계획이다.",
    ),
    "ar": (
        "أعلنت البلدية يوم الاثنين أن الحافلة رقم 12 لن تعمل بعد الآن في عطلة نهاية الأسبوع بسبب نقص السائقين.",
        "وقالت نائبة رئيس البلدية إنه لا يوجد حل آخر، وإن الشركة خسرت العام الماضي أكثر من مليوني دينار.",
        "ويعتزم السكان الذين احتجوا في الخريف جمع التواقيع والمطالبة بلقاء مع المسؤولين.",
    ),
    "he": (
        "העירייה הודיעה ביום שני כי קו 12 לא יפעל עוד בסופי שבוע בשל מחסור בנהגים.",
        "אין ברירה אחרת, הסבירה סגנית ראש העיר; בשנה שעברה הפסידה החברה יותר משני מיליון שקלים.",
        "התושבים, שהפגינו כבר בסתיו, מתכוונים לאסוף חתימות ודורשים פגישה עם ההנהלה.",
    ),
    "th": (
        "เทศบาลประกาศเมื่อวันจันทร์ว่ารถเมล์สาย 12 จะไม่วิ่งในวันหยุดสุดสัปดาห์อีกต่อไป เพราะขาดคนขับ",
        "รองนายกเทศมนตรีชี้แจงว่าไม่มีทางเลือกอื่น เมื่อปีที่แล้วบริษัทขาดทุนกว่าสองล้านบาท",
        "ชาวบ้านที่เคยประท้วงเมื่อฤดูใบไม้ร่วงจะรวบรวมรายชื่อและขอพบผู้บริหาร",
    ),
    "vi": (
        "Thành phố thông báo hôm thứ Hai rằng tuyến xe buýt số 12 sẽ không chạy vào cuối tuần nữa vì thiếu tài xế.",
        (
            "“Không còn cách nào khác”, phó chủ tịch phụ trách giao thông giải thích; năm ngoái công "
            "ty lỗ hơn hai triệu đô la."
        ),
        "Người dân từng phản đối hồi mùa thu sẽ thu thập chữ ký và yêu cầu gặp lãnh đạo.",
    ),
    "hu": (
        "A városháza hétfőn közölte, hogy a 12-es busz hétvégén többé nem jár, mert kevés a sofőr.",
        "Nincs más lehetőség, magyarázta az alpolgármester; tavaly a cég több mint kétmillió forintot veszített.",
        "A lakók, akik már ősszel is tiltakoztak, aláírásokat gyűjtenek, és találkozót kérnek a vezetőktől.",
    ),
    "uk": (
        "Мерія оголосила в понеділок, що автобус номер 12 більше не їздитиме у вихідні, бо бракує водіїв.",
        "«Іншого виходу немає», – пояснила заступниця мера; торік підприємство втратило понад два мільйони гривень.",
        "Мешканці, які протестували ще восени, збиратимуть підписи й вимагають зустрічі з керівництвом міста.",
    ),
    "bg": (
        (
            "Общината обяви в понеделник, че автобус номер 12 вече няма да се движи през почивните "
            "дни, защото няма шофьори."
        ),
        "Друг изход няма, обясни заместник-кметът; миналата година дружеството е загубило над два милиона лева.",
        "Жителите, които протестираха още през есента, ще събират подписи и искат среща с ръководството.",
    ),
    "fi": (
        (
            "Kaupunki ilmoitti maanantaina, että linja 12 ei enää liikennöi viikonloppuisin, koska "
            "kuljettajia on liian vähän."
        ),
        "”Muuta mahdollisuutta ei ole”, selitti apulaiskaupunginjohtaja; viime vuonna yhtiö hävisi yli 2 miljoonaa €.",
        "Asukkaat, jotka protestoivat jo syksyllä, aikovat kerätä nimiä ja vaativat tapaamista johdon kanssa.",
    ),
}
#: Without typesetters' signs, which charsets of ISO do not have.
PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-"})
CHARSETS = {
    "cp1252": "es it pt fr de nl sv fi", "iso8859-15": "es it pt fr de nl sv fi", "cp1250": "pl cs hu",
    "iso8859-2": "pl cs hu", "cp1251": "ru uk bg", "koi8-r": "ru", "koi8-u": "uk", "iso8859-9": "tr",
    "iso8859-7": "el", "cp1253": "el", "gb18030": "zh", "big5": "zh-tw", "cp932": "ja", "euc_jp": "ja",
    "euc_kr": "ko", "cp1256": "ar", "cp1255": "he", "tis-620": "th", "cp1258": "vi",
}  # fmt: skip


def written(text: str, charset: str) -> bytes:
    """Write a text as systems of that charset did."""
    if charset.startswith(("iso", "koi8")):
        text = text.translate(PLAIN)
    if charset == "cp1258":  # a letter with its hat or horn, then its tone
        parts = (unicodedata.normalize("NFD", char) for char in text)
        tones = "\u0300\u0301\u0303\u0309\u0323"
        text = "".join(
            unicodedata.normalize("NFC", "".join(each for each in part if each not in tones))
            + "".join(each for each in part if each in tones)
            for part in parts
        )
    return text.encode(charset, "xmlcharrefreplace")


def page(text: str, lang: str = "", title: str = "A report") -> str:
    told = f' lang="{lang}"' if lang else ""
    return (
        f"<!doctype html><html{told}><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<h1>{title}</h1><p>{text}</p></body></html>"
    )


@pytest.mark.parametrize("told", [True, False], ids=["lang", "no lang"])
@pytest.mark.parametrize(
    ("charset", "lang"), [(name, lang) for name, langs in CHARSETS.items() for lang in langs.split()]
)
def test_a_page_that_declares_nothing_is_read_as_it_was_written(charset: str, lang: str, told: bool) -> None:
    sentences = TEXTS[lang]
    for text in (sentences[0], " ".join(sentences), " ".join(sentences * 8)):
        body = written(page(text, lang if told else "", text[:40]), charset)
        meant = unicodedata.normalize("NFC", body.decode(charset))

        assert meant == decode(body), len(text)


@pytest.mark.parametrize("name", ["César Luena", "Zoë Ångström", "Siân Ó Briain", "Muñoz", "Lê"])
def test_a_name_in_an_english_text_tells_no_charset_of_other_letters(name: str) -> None:
    text = (
        f"The bus will stop running on weekends, said {name} of the council. " + "Nobody knows what comes next. " * 30
    )

    assert text in decode(page(text, title="Bus line 12 ends").encode("cp1252"))
    assert text in decode(page(text, "en", title="Bus line 12 ends").encode("cp1252"))


@pytest.mark.parametrize(
    ("lang", "text", "charset", "meant"),
    [
        # Of ISO-8859-15, by a price or the middle of a word.
        ("fr", "La ligne coûte 2 millions d'¤ par an", "cp1252", "La ligne coûte 2 millions d'€ par an"),
        ("es", "El año costó ¤ 25 por familia, según él", "cp1252", "El año costó € 25 por familia, según él"),
        ("pt", "O preço é de 15,-- ¤ até março", "cp1252", "O preço é de 15,-- € até março"),
        ("fr", "La s½ur du maire a été réélue", "cp1252", "La sœur du maire a été réélue"),
        # Neither.
        ("de", "Über uns ¤ Größen ¤ Häufige Fragen", "cp1252", "Über uns ¤ Größen ¤ Häufige Fragen"),
        ("de", "Man nehme 2½ Äpfel und ½ Süßholz", "cp1252", "Man nehme 2½ Äpfel und ½ Süßholz"),
        ("de", "„Größe“ für 5 ¤ – nur hier", "cp1252", "„Größe“ für 5 ¤ – nur hier"),
        ("", "A kikötő közölte: a szél erős © 2024 Hírlap", "cp1250", "A kikötő közölte: a szél erős © 2024 Hírlap"),
        ("", "Šéf přístavu řekl, že Šimon je v pořádku", "iso8859-2", "Šéf přístavu řekl, že Šimon je v pořádku"),
    ],
)
def test_what_two_charsets_differ_in_is_read_by_what_it_means(lang: str, text: str, charset: str, meant: str) -> None:
    assert f"<p>{meant}</p>" in decode(page(text, lang).encode(charset))


@pytest.mark.parametrize("lang", ["es", "de", "fr", "sv", "it"])
def test_a_template_in_a_western_language_makes_no_western_letters_of_others(lang: str) -> None:
    for charset in ("cp1250", "iso8859-2", "cp1251", "iso8859-9"):
        for other in CHARSETS[charset].split():
            text = " ".join(TEXTS[other])
            body = written(page(text, lang), charset)

            assert body.decode(charset) == decode(body), other


def test_what_windows_pastes_into_charsets_of_iso_is_read() -> None:
    french = page("L\u0092été « à 5 ¤ » \u0096 c\u0092est peu").replace("<head>", "<head><meta charset=iso-8859-15>")
    polish = page("Zarząd \u0084portu\u0094 zamknął wejście").replace("<head>", "<head><meta charset=iso-8859-2>")

    assert "<p>L’été « à 5 € » – c’est peu</p>" in decode(french.replace("¤", "€").encode("iso8859-15"))
    assert "<p>Zarząd „portu” zamknął wejście</p>" in decode(polish.encode("iso8859-2"))
    assert "<p>L’été « à 5 € »" in decode(
        french.replace("¤", "€").replace("\u0092", "’").replace("\u0096", "").encode()
    )
