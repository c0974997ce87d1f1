"""What is an edit and what is only the page's machinery; what a withdrawal note is. All texts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rechecks.noise import Told, alike, compare, core, cut_off, fold
from crawler.rechecks.withdrawals import find_note
from tests.eval.revisions import count

EN = (
    "The ferry to Lower Wexcombe sank on Tuesday morning after it struck a barge.\n"
    "Twelve people were taken to hospital, the harbour master said.\n"
    "Divers will look for the wreck when the storm has passed."
)
DE = "Die Fähre sank am Dienstag im Hafen von Krumsiel.\nZwölf Menschen wurden verletzt, sagte die Hafenmeisterin."
FR = "Le bac a coulé mardi dans le port de Valmeuse.\nDouze personnes ont été blessées, selon la capitainerie."
ES = "El transbordador se hundió el martes en el puerto de Valverilla.\nDoce personas resultaron heridas."
RU = "Паром затонул во вторник в порту Красновидово.\nПострадали двенадцать человек, сообщил начальник порта."
ZH = "渡轮周二上午在临江港沉没。\n港务局表示，十二人受伤送医。"
JA = "火曜日の朝、浜見港でフェリーが沈没した。\n港湾局によると十二人が負傷した。"
KO = "화요일 오전 해담항에서 여객선이 침몰했다.\n항만청은 열두 명이 다쳤다고 밝혔다."
AR = "غرقت العبارة صباح الثلاثاء في ميناء رأس الورد.\nوقال مدير الميناء إن اثني عشر شخصا أصيبوا."
FA = "کشتی مسافربری بامداد سه‌شنبه در بندر گلدشت غرق شد.\nبه گفته رئیس بندر دوازده نفر زخمی شدند."
TH = (
    "เรือเฟอร์รี่จมลงเมื่อเช้าวันอังคารที่ท่าเรือบางสมุทร ขณะที่พายุพัดเข้าชายฝั่งอย่างรุนแรงตลอดทั้งคืน\n"
    "ผู้ว่าการท่าเรือกล่าวว่ามีผู้บาดเจ็บสิบสองคนและถูกนำส่งโรงพยาบาลทั้งหมดแล้ว"
)
HI = "मंगलवार सुबह नीलपुर बंदरगाह में नौका डूब गई।\nबंदरगाह प्रमुख ने कहा कि बारह लोग घायल हुए।"
TR = "Feribot salı sabahı Gülkıyı limanında battı.\nLiman başkanı on iki kişinin yaralandığını söyledi."
HE = "המעבורת טבעה ביום שלישי בבוקר בנמל אלונים.\nמנהל הנמל אמר כי שנים עשר בני אדם נפצעו."

#: The same story before and after, to which nobody wrote a word.
NOISE = [
    (EN + "\n5 minutes ago", EN + "\n2 hours ago"),
    (EN + "\nUpdated 10:45 GMT", EN + "\nUpdated 11:20 GMT"),
    (EN + "\nLast updated on Wednesday 3 March 2027 at 10:45", EN + "\nLast updated on Thursday 4 March 2027 at 09:02"),
    (EN + "\n1,204 views", EN + "\n9,877 views"),
    (EN + "\n12 comments", EN),
    ("Ada Holm | 3 mins ago\n" + EN, "Ada Holm | 1 hour ago\n" + EN),
    ("Share 12 Tweet 4 Comments (3)\n" + EN, "Share 99 Tweet 41 Comments (12)\n" + EN),
    (
        EN + "\nMost read\nSwans counted on the lake\nMayor buys a goat",
        EN + "\nMost read\nRain stops play\nFog returns",
    ),
    (EN + "\nRelated: Eels are cheap again", EN + "\nRelated: Lanterns are dear"),
    (EN + "\nRead more: Eels are cheap again", EN),
    (EN + "\nAdvertisement", EN),
    (EN.replace("\n", "\nAdvertisement\n", 1), EN),
    (
        EN + "\nEels are cheap again\nMayor buys a goat\nFog returns",
        EN + "\nSwans counted\nRope is dear\nLanterns hung",
    ),
    (EN.replace("'", "’").replace("-", "–"), EN.replace("\n", "\n\n")),
    (EN, EN.replace("the storm", "the\u00a0storm").replace("wreck", "wr\u00adeck")),
    (DE + "\nvor 5 Minuten", DE + "\nvor 3 Stunden"),
    (DE + "\nStand: 03.03.2027, 10:45 Uhr", DE + "\nStand: 04.03.2027, 07:10 Uhr"),
    (DE + "\nLesen Sie auch: Aale sind billig", DE + "\nLesen Sie auch: Laternen am Kai"),
    (FR + "\nil y a 5 minutes", FR + "\nil y a 2 heures"),
    (FR + "\nÀ lire aussi\nLes anguilles sont bon marché", FR + "\nÀ lire aussi\nLe maire achète une chèvre"),
    (ES + "\nhace 5 minutos", ES + "\nhace 2 horas"),
    (ES + "\n128 comentarios", ES + "\n340 comentarios"),
    (RU + "\n5 минут назад", RU + "\n2 часа назад"),
    (RU + "\nПросмотров: 1204", RU + "\nПросмотров: 8871"),
    (RU + "\nЧитайте также: Угри подешевели", RU + "\nЧитайте также: Фонари на набережной"),
    (ZH + "\n阅读 1204", ZH + "\n阅读 3.4万"),
    (ZH + "\n5分钟前", ZH + "\n2小时前"),
    (ZH + "\n相关阅读\n鳗鱼价格下跌", ZH + "\n相关阅读\n市长买山羊"),
    (JA + "\n関連記事\nうなぎが安い", JA + "\n関連記事\n市長がヤギを買う"),
    (JA + "\nコメント12件", JA + "\nコメント45件"),
    (KO + "\n조회수 1,204", KO + "\n조회수 2,871"),
    (KO + "\n5분 전", KO + "\n2시간 전"),
    (AR + "\nمنذ 5 دقائق", AR + "\nمنذ ساعتين"),
    (AR + "\n١٢٠٤ مشاهدة", AR + "\n٩٨٧٧ مشاهدة"),
    (AR + "\nاقرأ أيضا: أسعار الثعابين تهبط", AR + "\nاقرأ أيضا: فوانيس على الرصيف"),
    (FA + "\n۵ دقیقه پیش", FA + "\n۲ ساعت پیش"),
    (TH + "\n5 นาทีที่แล้ว", TH + "\n2 ชั่วโมงที่แล้ว"),
    (TH + "\nข่าวที่เกี่ยวข้อง\nปลาไหลราคาถูก", TH + "\nข่าวที่เกี่ยวข้อง\nนายกซื้อแพะ"),
    (HI + "\n5 मिनट पहले", HI + "\n2 घंटे पहले"),
    (TR + "\n5 dakika önce", TR + "\n2 saat önce"),
    (HE + "\nלפני 5 דקות", HE + "\nלפני 2 שעות"),
    (HE + "\n12 תגובות", HE + "\n45 תגובות"),
]
#: A sentence, a number, a word, a note: somebody wrote something else.
EDITS = [
    (EN, EN.replace("Twelve", "Fifteen")),
    (EN, EN.replace("sank on Tuesday", "sank on Wednesday")),
    (EN, EN + "\nThe captain was arrested."),
    (EN, EN.split("\n", 1)[1]),
    (EN, EN + "\nCorrection: an earlier version named the wrong harbour"),
    (EN, EN + "\nThis story was corrected to say that nobody drowned."),
    (EN, "\n".join(reversed(EN.split("\n")))),
    ("The bomb went off at 10:45.\n" + EN, "The bomb went off at 11:15.\n" + EN),
    ("The film has been seen by 3 million people.\n" + EN, "The film has been seen by 4 million people.\n" + EN),
    ("He resigned 5 minutes ago, his office said.\n" + EN, "He resigned 2 hours ago, his office said.\n" + EN),
    ("The fund sold 500 shares on Monday.\n" + EN, "The fund sold 900 shares on Monday.\n" + EN),
    ("What the divers found\n" + EN, "What the divers hid\n" + EN),
    (DE, DE.replace("Zwölf", "Fünfzehn")),
    (DE, DE + "\nKorrektur: In einer früheren Fassung stand ein falscher Ort"),
    (FR, FR.replace("Douze", "Quinze")),
    (FR, FR + "\nRectificatif: le bac n'a pas coulé lundi."),
    (ES, ES.replace("Doce", "Quince")),
    (RU, RU.replace("двенадцать", "пятнадцать")),
    (RU, RU + "\nКапитан задержан."),
    (ZH, ZH.replace("十二", "十五")),
    (ZH, ZH.replace("沉没", "搁浅")),
    (ZH, ZH + "\n更正：沉没的是货轮。"),
    (JA, JA.replace("十二", "十五")),
    (KO, KO.replace("열두", "열다섯")),
    (AR, AR.replace("اثني عشر", "خمسة عشر")),
    (AR, AR + "\nتصحيح: غرقت العبارة يوم الأربعاء"),
    (FA, FA.replace("دوازده", "پانزده")),
    (TH, TH.replace("สิบสอง", "สิบห้า")),
    (TH, TH + "\nกัปตันเรือถูกจับกุมและนำตัวไปสอบสวนที่สถานีตำรวจท่าเรือบางสมุทรในช่วงบ่ายวันเดียวกัน"),
    (HI, HI.replace("बारह", "पंद्रह")),
    (TR, TR.replace("on iki", "on beş")),
    (HE, HE.replace("שנים עשר", "חמישה עשר")),
]


@pytest.mark.parametrize(("before", "after"), NOISE)
def test_what_nobody_wrote_is_no_revision(before: str, after: str) -> None:
    assert compare(Told("A title", before), Told("A title", after)) in ("same", "noise")


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_what_somebody_wrote_is_a_revision(before: str, after: str) -> None:
    assert compare(Told("A title", before), Told("A title", after)) == "changed"
    assert compare(Told("A title", after), Told("A title", before)) == "changed"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Ferry sinks, twelve hurt", "Ferry sinks, fifteen hurt", "changed"),
        ("渡轮沉没十二人受伤", "渡轮沉没十五人受伤", "changed"),
        ("Ferry sinks (updated 10:45)", "Ferry sinks (updated 11:20)", "noise"),
        ("Ferry “sinks”", 'Ferry "sinks"', "noise"),
        ("Ferry  sinks", "Ferry sinks", "same"),
    ],
)
def test_a_headline_is_compared_word_for_word(before: str, after: str, said: str) -> None:
    assert compare(Told(before, EN), Told(after, EN)) == said


def test_a_standfirst_that_comes_and_goes_is_no_edit_but_another_one_is() -> None:
    lead = "A barge was in the way."

    assert compare(Told("T", EN, lead), Told("T", EN)) == "noise"
    assert compare(Told("T", EN, lead), Told("T", EN, "A barge was in the…")) == "noise"
    assert compare(Told("T", EN, lead), Told("T", EN, "A whale was in the way.")) == "changed"


def test_what_a_site_repeats_is_no_text() -> None:
    banner = "Support our work with a gift of any size, because good journalism costs money."

    assert compare(Told("T", f"{banner}\n{EN}"), Told("T", EN)) == "changed"
    assert compare(Told("T", f"{banner}\n{EN}"), Told("T", EN), {banner}) == "noise"


def test_a_wall_is_told_from_a_cut() -> None:
    assert cut_off(Told("T", EN * 3), Told("T", EN[:60] + "…"))
    assert not cut_off(Told("T", EN), Told("T", EN.split("\n", 1)[1]))


def test_versions_of_one_article_are_alike() -> None:
    assert alike(Told("Ferry sinks", EN), Told("Ferry sank", EN + "\nThe captain was arrested."))
    assert not alike(Told("Ferry sinks", EN), Told("Fähre sinkt", DE))


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=60))
def test_comparing_never_fails_and_agrees_with_itself(one: str, other: str, title: str) -> None:
    told = Told(title, one)

    assert compare(told, told) == "same"
    assert (compare(told, Told(title, other)) == "changed") == (compare(Told(title, other), told) == "changed")
    assert fold(fold(one)) == fold(one)


#: What a page says of its own readers ...
OF_ITSELF = [
    "This article was viewed {} times.",
    "This story has been read by {} people.",
    "{} people have read this article.",
    "This page has {} comments.",
    "{} readers are reading this story now.",
    "There are {} comments on this story.",
    "Viewed {} times",
    "Reading time: {} min.",
    "(This article was viewed {} times.)",
    "This article has been shared {} times so far.",
    "Dieser Artikel wurde {} Mal gelesen.",
    "{} Leser haben diesen Artikel gelesen.",
    "Cet article a été lu {} fois.",
    "{} personnes ont lu cet article.",
    "Este artículo ha sido leído {} veces.",
    "Esta matéria já foi lida {} vezes.",
    "Questo articolo è stato letto {} volte.",
    "Dit artikel is {} keer gelezen.",
    "Den här artikeln har lästs {} gånger.",
    "Denne artikkelen er lest {} ganger.",
    "Denne artikel er læst {} gange.",
    "Tämä juttu on luettu {} kertaa.",
    "Ten artykuł został przeczytany {} razy.",
    "Tento článek byl přečten {}x.",
    "Ezt a cikket {} alkalommal olvasták.",
    "Bu haber {} kez okundu.",
    "Αυτό το άρθρο διαβάστηκε {} φορές.",
    "Acest articol a fost citit de {} ori.",
    "Эта статья прочитана {} раз.",
    "Этот материал прочитали {} человек.",
    "Цю статтю прочитали {} разів.",
    "本文已被阅读{}次。",
    "已有{}人阅读本文。",
    "この記事は{}回閲覧されました。",
    "이 기사는 {}번 조회되었습니다.",
    "تمت قراءة هذا المقال {} مرة.",
    "این مطلب {} بار خوانده شده است.",
    "כתבה זו נקראה {} פעמים.",
    "Bài viết này đã được đọc {} lần.",
    "Artikel ini telah dibaca {} kali.",
    "ข่าวนี้ถูกอ่าน {} ครั้ง",
    "यह लेख {} बार पढ़ा गया है।",
]
#: ... and numbers of the news.
FIGURES = [
    "The blast killed {} people.",
    "The video was viewed {} times.",
    "This article of the treaty was invoked {} times.",
    "This article was viewed {} times in court, the judge said.",
    "The film has been seen by {} people.",
    "The petition was signed {} times.",
    "{} people have read the report, the board said.",
    "This story of {} people who fled began in March.",
    "This report is about {} people.",
    "{} people were hurt.",
    "By {} votes.",
    "The bill passed with {} votes.",
    "The council received {} comments.",
    "The newspaper has {} readers.",
    "The ferry sails at {} o'clock.",
    "There are {} comments on the plan in the file.",
    "Bei dem Unfall starben {} Menschen.",
    "Das Video wurde {} Mal gelesen.",
    "Dieser Artikel des Gesetzes wurde {} Mal geändert.",
    "L'article 5 a été lu {} fois au Sénat.",
    "El artículo fue leído {} veces en el pleno.",
    "Murieron {} personas.",
    "Погибли {} человек.",
    "Статья кодекса применялась {} раз.",
    "事故造成{}人死亡。",
    "该视频被播放{}次。",
    "事故で{}人が死亡した。",
    "사고로 {}명이 숨졌다.",
    "قتل {} شخصا.",
    "در این حادثه {} نفر کشته شدند.",
    "Kazada {} kişi öldü.",
    "Zginęło {} osób.",
    "Zemřelo {} lidí.",
    "Sono morte {} persone.",
]
#: Where a sentence stands: below a text, at its end, above it, in its midst.
PLACES = ["{text}\n{said}", "{text} {said}", "{said}\n{text}", "{text} {said} And so it went on all day."]


@pytest.mark.parametrize(
    ("said", "place"),
    # In the midst of a text only what ends as a sentence is one.
    [(said, place) for said in OF_ITSELF for place in PLACES if said.endswith((".", "。", ")")) or place != PLACES[-1]],
)
def test_a_counter_in_a_sentence_of_the_page_about_itself_is_no_edit(said: str, place: str) -> None:
    one, other = (place.format(text=EN, said=said.format(number)) for number in ("100", "54,321"))

    assert compare(Told("T", one), Told("T", other)) == "noise"


@pytest.mark.parametrize("said", ["{} comments.", "Views: {}.", "Comments ({}).", "{} просмотров.", "{}次阅读。"])
def test_a_counter_in_a_line_of_its_own_may_end_as_a_sentence_does(said: str) -> None:
    one, other = (f"{EN}\n{said.format(number)}" for number in ("100", "54,321"))

    assert compare(Told("T", one), Told("T", other)) == "noise"


@pytest.mark.parametrize("said", FIGURES)
@pytest.mark.parametrize("place", PLACES)
def test_a_number_of_the_news_is_always_an_edit(said: str, place: str) -> None:
    one, other = (place.format(text=EN, said=said.format(number)) for number in (12, 15))

    assert compare(Told("T", one), Told("T", other)) == "changed"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It is now 10:45 a.m. in Lower Wexcombe.", "It is now 11:20 a.m. in Lower Wexcombe."),
        ("The current local time is 10:45.", "The current local time is 11:20."),
        ("This page was last refreshed at 10:45.", "This page was last refreshed at 11:20."),
        ("Updated 5 minutes ago.", "Updated 2 hours ago."),
    ],
)
def test_a_clock_in_a_sentence_is_no_edit(one: str, other: str) -> None:
    assert compare(Told("T", f"{EN}\n{one}"), Told("T", f"{EN}\n{other}")) == "noise"


@given(
    st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from(["views", "просмотров", "次阅读", "조회", "تعليق"])
)
def test_a_counter_is_never_an_edit(before: int, after: int, label: str) -> None:
    assert core(f"{EN}\n{before} {label}") == core(f"{EN}\n{after} {label}")


@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from(["Updated", "Stand:", "Обновлено", "更新", "آخر تحديث"]))
def test_a_clock_is_never_an_edit(hour: int, minute: int, label: str) -> None:
    assert core(f"{EN}\n{label} {hour:02}:{minute:02}") == core(f"{EN}\n{label} 10:45")


@pytest.mark.parametrize(
    "note",
    [
        "This article has been withdrawn.",
        "This story was retracted on Monday because its sources could not be confirmed.",
        "Editor's note: This report has been removed following a complaint.",
        "Reuters has withdrawn this story because it was published in error.",
        "MANDATORY KILL: Ferry sinks",
        "Dieser Artikel wurde wegen sachlicher Fehler zurückgezogen.",
        "Cet article a été retiré à la demande de ses auteurs.",
        "Este artículo ha sido eliminado.",
        "Esta notícia foi removida.",
        "Questo articolo è stato rimosso.",
        "Эта статья была удалена по решению редакции.",
        "Ця стаття була видалена.",
        "本文已被撤稿。",
        "撤稿声明：本报昨日报道有误。",
        "この記事は削除されました。",
        "이 기사는 삭제되었습니다.",
        "تم حذف هذا المقال.",
        "این مطلب حذف شد.",
        "כתבה זו הוסרה.",
        "บทความนี้ถูกลบแล้ว",
        "Bu haber yayından kaldırıldı.",
        "Dit artikel is verwijderd.",
        "The editors have retracted this article because it could not be verified.",
        "The editors of this magazine are retracting this story.",
        "The newsroom has removed this report after a complaint.",
        "Our editorial board has decided to withdraw this column.",
        "We are withdrawing this story: its author had invented a witness.",
        "We retract this article and apologise to the ferry company.",
        "We have taken down this post.",
        "The Wexcombe Gazette has retracted this story after a review.",
        "Note from the editors: This story has been retracted.",
        "Note to readers: this column has been withdrawn.",
        "This story has since been fully retracted by the publisher.",
        "This article, which said that the ferry was overloaded, has been removed.",
        "This opinion piece has been unpublished.",
        "The article below has been retracted.",
        "An article that appeared on this page has been removed.",
        "A story previously published here was retracted on Monday.",
        "Our story about the ferry has been retracted.",
        "Die Redaktion hat diesen Artikel zurückgezogen, weil er falsch war.",
        "Wir haben diesen Beitrag nach einer Beschwerde gelöscht.",
        "An dieser Stelle stand ein Artikel über die Fähre, den wir zurückgezogen haben.",
        "La rédaction a décidé de retirer cet article.",
        "Nous avons supprimé cet article.",
        "Hemos retirado este artículo porque contenía errores.",
        "La redacción ha decidido retirar esta noticia.",
        "A redação retirou esta reportagem do ar.",
        "Removemos esta matéria por erro de apuração.",
        "La redazione ha ritirato questo articolo.",
        "De redactie heeft dit artikel ingetrokken.",
        "Den här artikeln har avpublicerats.",
        "Denne artikkelen er trukket.",
        "Redaktionen har fjernet denne artikel.",
        "Tämä juttu on poistettu virheellisten tietojen vuoksi.",
        "Redakcja wycofała ten artykuł.",
        "Tento článek byl stažen.",
        "Ezt a cikket visszavontuk.",
        "Acest articol a fost retras.",
        "Αυτό το άρθρο έχει αποσυρθεί.",
        "Редакция отозвала эту статью.",
        "Мы удалили этот материал по просьбе источника.",
        "Редакція відкликала цю статтю.",
        "编辑部决定撤回本文。",
        "本报现已撤下此稿。",
        "編集部はこの記事を撤回しました。",
        "편집국은 이 기사를 철회했습니다.",
        "سحبت هيئة التحرير هذا المقال.",
        "تحریریه این خبر را حذف کرد.",
        "המערכת הסירה את הכתבה בשל טעות.",
        "Yayın kurulu bu haberi geri çekti.",
        "Tòa soạn đã gỡ bài viết này.",
        "Redaksi telah menarik artikel ini.",
        "กองบรรณาธิการได้ถอนบทความนี้",
        "संपादकों ने यह लेख वापस लिया है।",
    ],
)
def test_a_withdrawal_note_is_found_at_the_top_of_a_page(note: str) -> None:
    assert find_note("Ferry sinks", f"{note}\n{EN}")


@pytest.mark.parametrize(
    "text",
    [
        "The journal said that this article has been withdrawn.",
        "The ministry has withdrawn its ambassador.",
        "The statue was removed on Tuesday.",
        "A tweet was deleted, and the article about it was removed from the archive of a rival.",
        "This article was removed from the front page within an hour, readers noticed.",
        "This article was amended on Tuesday to correct a name.",
        "This article has been withdrawn and was restored on Monday.",
        "Публикация удалена из социальной сети, сообщили в ведомстве.",
        "撤稿风波持续发酵，多家期刊回应。",
        "该公司已撤回上市申请。",
        "Der Minister hat den Gesetzentwurf zurückgezogen.",
        "KILL BILL returns to cinemas",
        "The kill was mandatory, the ranger said.",
        "El diputado fue retirado de la sala.",
        "이 제품은 삭제되었습니다 라는 문구가 떴다.",
        "تم حذف الحساب من المنصة.",
        "The editors of the journal have retracted the paper on cold fusion.",
        "The journal has retracted 14 papers by the same author.",
        "The editors have retracted their criticism of the mayor.",
        "The newspaper has withdrawn its reporter from the front.",
        "We have removed this article's photograph at the request of the family.",
        "This article's headline was removed by the editors of another site.",
        "This article has been removed from behind the paywall.",
        "This story has been moved, and its old address deleted.",
        "The university said the journal has retracted this paper.",
        "The court has withdrawn this report from the jury.",
        "Facebook has removed this story from its news feed, its owner said.",
        "The ministry denied that it has withdrawn this report.",
        "A spokesman said that the magazine has retracted this story.",
        "The author has retracted his confession.",
        "The agency has not withdrawn this report, despite rumours.",
        "Critics asked whether the editors have retracted this article in time.",
        "We have pulled this boat up the beach every spring.",
        "We have removed the nets, said the skipper.",
        "Our story begins where a mill was removed.",
        "Our story on the mill has been read by thousands.",
        "The article was withdrawn from the constitution in 1994.",
        "Article 50 has been withdrawn, the prime minister said.",
        "The story of the retracted vaccine study is twenty years old.",
        "Retractions are rare in this trade, and this article is about three of them.",
        "The author of the book removed this chapter before it was printed.",
        "Die Redaktion hat den Reporter zurückgezogen.",
        "Wir haben diesen Artikel am Montag berichtigt.",
        "Die Zeitung zog ihren Bericht über den Minister zurück.",
        "La rédaction a retiré sa plainte contre la mairie.",
        "Nous avons supprimé cet impôt, a dit la ministre.",
        "La redacción del estatuto fue retirada del orden del día.",
        "Hemos retirado este producto, dijo la empresa.",
        "A redação final do projeto foi retirada da pauta.",
        "La redazione del piano ha ritirato la firma.",
        "De redactie heeft dit artikel aangevuld.",
        "Redakcja otrzymała ten artykuł w lipcu.",
        "Tento článek zákona byl zrušen před rokem.",
        "Редакция газеты отозвала корреспондента из столицы.",
        "Мы удалили этот пункт из договора, сказал министр.",
        "期刊编辑部撤回了多篇论文。",
        "本报记者获悉，该公司撤回了上市申请。",
        "編集部はこの記事を訂正しました。",
        "편집국은 이 기사를 수정했습니다.",
        "سحبت الوزارة هذا القرار.",
        "המערכת הפוליטית הסירה את ההצעה.",
        "Yayın kurulu toplantısı geri çekildi.",
        "Redaksi telah memperbarui artikel ini.",
    ],
)
def test_news_about_withdrawals_is_no_withdrawal(text: str) -> None:
    assert find_note("Ferry sinks", f"{text}\n{EN}\n{EN}\n{EN}") == ""


@pytest.mark.parametrize(
    "title",
    [
        "Retraction: Ferry sinks",
        "RETRACTED: Ferry sinks",
        "Withdrawn: Ferry sinks",
        "Ferry sinks [Retracted]",
        "Ferry sinks (withdrawn)",
        "[Retracted] Ferry sinks",
        "Retraction notice: Ferry sinks",
        "Zurückgezogen: Die Fähre sinkt",
        "Article retiré : le bac coule",
        "Retractación: el transbordador",
        "Ritrattazione: il traghetto",
        "Ingetrokken: veerboot zinkt",
        "Отозвано: паром затонул",
        "撤稿：渡轮沉没",
        "【撤回】フェリー沈没",
        "[기사 철회] 여객선 침몰",
        "سحب المقال: غرق العبارة",
    ],
)
def test_a_title_tells_a_withdrawal(title: str) -> None:
    assert find_note(title, EN) == fold(title)


@pytest.mark.parametrize(
    "title",
    [
        "Retraction of troops: what we know",
        "Journal issues retraction after outcry",
        "Withdrawn troops come home",
        "A retracted study and its long shadow",
        "Retracted, but not forgotten",
        "Minister withdrawn from race",
        "撤回提案引发争议",
        "Die Klage ist zurückgezogen",
        "取り消し処分に抗議",
    ],
)
def test_a_title_about_a_withdrawal_is_none(title: str) -> None:
    assert find_note(title, EN) == ""


def test_a_note_may_stand_below_a_heading_of_its_own() -> None:
    note = find_note("Ferry sinks", f"RETRACTION\nThe story said that the skipper slept, which is untrue.\n{EN}")

    assert note == "RETRACTION The story said that the skipper slept, which is untrue."


def test_a_note_in_the_midst_of_a_text_is_a_quotation() -> None:
    assert find_note("Ferry sinks", f"{EN}\nThis article has been withdrawn.\n{EN}") == ""


@pytest.mark.parametrize("which", ["machinery", "furniture", "sentence"])
def test_real_pages_are_told_from_their_machinery(corpus: Path, which: str) -> None:
    """A sample; ``python -m tests.eval.revisions`` counts them all and holds the floors."""
    found = count("fundus_eval", 12, which)

    assert found.pages >= 5
    assert found.revised == (found.pages if which == "sentence" else 0)
